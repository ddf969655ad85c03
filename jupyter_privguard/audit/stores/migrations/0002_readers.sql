-- Who reads: privguard_reader the records of the person that is named like the login, privguard_auditor all.
-- Both see every hash and signed head, so that whoever reads a record can prove that it is in the signed log.

alter table privguard.records enable row level security;
create policy own_records on privguard.records for select to privguard_reader using (person = session_user);
create policy all_records on privguard.records for select to privguard_auditor using (true);

grant usage on schema privguard to privguard_reader, privguard_auditor;
grant select on privguard.migrations, privguard.logs, privguard.leaves, privguard.records, privguard.heads
    to privguard_reader, privguard_auditor;
