-- Logs side by side, one for each signer. Nobody but the owner of these tables writes to them directly:
-- a login with the role privguard_writer calls the functions below, and they only ever add.

create table privguard.logs (
    log bigint generated always as identity primary key,
    origin text not null unique,
    vkey text not null unique,
    account text not null default session_user,
    since timestamptz not null default now()
);

-- What anybody may see who may read at all: hashes tell nothing, and prove what one's own records are part of.
create table privguard.leaves (
    log bigint not null references privguard.logs,
    seq bigint not null check (seq > 0),
    leaf_hash bytea not null check (length(leaf_hash) = 32),
    root bytea not null check (length(root) = 32),
    primary key (log, seq)
);

-- Whose record a line is. The character NUL is no text here, wherever it stands in the line.
create function privguard.person_of(line text) returns text
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
    select regexp_replace(line, '(?<!\\)((?:\\\\)*)\\u0000', '\1\\ufffd', 'g')::json #>> '{principal,id}'
$$;

-- The person is read out of the line here, so that no writer can put a record out of somebody's sight.
create table privguard.records (
    log bigint not null,
    seq bigint not null,
    line text not null,
    person text generated always as (privguard.person_of(line)) stored,
    primary key (log, seq),
    foreign key (log, seq) references privguard.leaves
);
create index records_by_person on privguard.records (person, log, seq);

-- Every signed head that was ever sent: the newest counts, and none is replaced.
create table privguard.heads (
    log bigint not null,
    size bigint not null check (size >= 0),
    root bytea not null check (length(root) = 32),
    frontier bytea not null,
    checkpoint text not null,
    primary key (log, size)
);

create function privguard.refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the log is append-only' using errcode = 'PV405';
end $$;

create trigger only_appended before update or delete or truncate on privguard.logs
    for each statement execute function privguard.refuse();
create trigger only_appended before update or delete or truncate on privguard.leaves
    for each statement execute function privguard.refuse();
create trigger only_appended before update or delete or truncate on privguard.records
    for each statement execute function privguard.refuse();
create trigger only_appended before update or delete or truncate on privguard.heads
    for each statement execute function privguard.refuse();

-- The log of this signer, begun if there is none, and how far it is; of another login's log nothing is told.
create function privguard.open_log(its_origin text, its_vkey text)
returns table (log bigint, size bigint, root bytea, is_signed boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    mine bigint;
begin
    insert into privguard.logs (origin, vkey) values (its_origin, its_vkey) on conflict do nothing;
    select one.log into mine from privguard.logs one
        where one.origin = its_origin and one.vkey = its_vkey and one.account = session_user;
    if not found then
        raise exception 'this log is another login''s, or its name another signer''s' using errcode = 'PV403';
    end if;
    return query
        select mine, coalesce(last.seq, 0), last.root,
            exists (select 1 from privguard.heads head where head.log = mine and head.size = coalesce(last.seq, 0))
        from (select 1) one left join lateral (
            select leaf.seq, leaf.root from privguard.leaves leaf where leaf.log = mine order by leaf.seq desc limit 1
        ) last on true;
end $$;

-- Adds records that follow the last one; each hash must be that of its line (RFC 6962, section 2.1).
create function privguard.append(its_log bigint, first bigint, lines text[], hashes bytea[], roots bytea[])
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    last bigint;
begin
    perform 1 from privguard.logs one where one.log = its_log and one.account = session_user for update;
    if not found then
        raise exception 'this log is another login''s' using errcode = 'PV403';
    end if;
    select coalesce(max(leaf.seq), 0) into last from privguard.leaves leaf where leaf.log = its_log;
    if last + 1 <> first then
        raise exception 'these records do not follow the last one' using errcode = 'PV409';
    end if;
    if exists (
        select 1 from unnest(lines, hashes) as one (line, leaf_hash)
        where leaf_hash is distinct from sha256('\x00'::bytea || convert_to(line, 'UTF8'))
    ) then
        raise exception 'a record has not the hash of its line' using errcode = 'PV422';
    end if;
    insert into privguard.leaves (log, seq, leaf_hash, root)
        select its_log, first + place - 1, one.leaf_hash, one.root
        from unnest(hashes, roots) with ordinality as one (leaf_hash, root, place);
    insert into privguard.records (log, seq, line)
        select its_log, first + place - 1, one.line from unnest(lines) with ordinality as one (line, place);
end $$;

-- Adds a signed head; it must be over exactly the records that are there.
create function privguard.sign_head(
    its_log bigint, its_size bigint, its_root bytea, its_frontier bytea, its_checkpoint text
)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    last record;
begin
    perform 1 from privguard.logs one where one.log = its_log and one.account = session_user for update;
    if not found then
        raise exception 'this log is another login''s' using errcode = 'PV403';
    end if;
    select leaf.seq, leaf.root into last from privguard.leaves leaf
        where leaf.log = its_log order by leaf.seq desc limit 1;
    if coalesce(last.seq, 0) <> its_size or last.root <> its_root then
        raise exception 'this head is not over the records that are there' using errcode = 'PV409';
    end if;
    insert into privguard.heads (log, size, root, frontier, checkpoint)
        values (its_log, its_size, its_root, its_frontier, its_checkpoint);
end $$;

revoke all on all functions in schema privguard from public;
grant usage on schema privguard to privguard_writer;
grant select on privguard.migrations to privguard_writer;
grant execute on function privguard.open_log, privguard.append, privguard.sign_head to privguard_writer;
