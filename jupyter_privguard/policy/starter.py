"""The policy that `privguard policy init` writes."""

from __future__ import annotations

__all__ = ["STARTER"]

STARTER = """\
# yaml-language-server: $schema=privguard-policy.schema.json
# The line above is for editors; `privguard policy schema > privguard-policy.schema.json` writes that file.
#
# A policy for privguard. It says who may use which tier, and what is masked how.
# What it leaves out, the built-in rules decide. `privguard policy check FILE` looks it over.
# To use it: set PRIVGUARD_POLICY to its path, or let an administrator put it where no user can
# write (etc/privguard/policy.yaml under the Python prefix, or /etc/privguard/policy.yaml): a grant
# is worth as much as its author, and the log says when that could have been the user.
version: 1

# dev, test, prod or training. Data sets that are bound to another one (below) are refused.
environment: dev

# Where the log is kept (sqlite, in PRIVGUARD_HOME; postgresql://HOST/DATABASE sends it to a team's
# store too) and how long: 90d, 18m, 7y.
# audit: {store: sqlite, retain: 7y}

# Three tiers: public (masked), internal (places, ages and amounts in clear, identities
# reversible), compliance (clear; credentials never). Compliance asks for a reason unless a role
# says `reason: optional`.
roles:
  analyst:
    tiers: [public, internal]
    log: own                    # reads its own events; `all` reads everybody's
  compliance:
    tiers: [public, internal, compliance]
    reason: required
    reveal: true                # may turn single tokens back
    approve: true               # may answer requests of others for these tiers; as `reveal` if left out
    classify: true              # may lower a column's protection
    log: all

# Who has which role, by account name, or by group:NAME for the groups that JupyterHub or the server's
# identity provider knows. Without this key the local user has public and internal; with it, whoever is
# not listed has public alone.
# principals:
#   alice: {roles: [analyst]}
#   dana: {roles: [compliance]}
#   "group:risk": {roles: [analyst]}

# What data may be used for: the lawful basis, the data sets (globs), the last day. Without this key
# any text is a purpose, and is recorded.
# purposes:
#   churn-model: {basis: legitimate-interest, datasets: ["customers*"], expires: 2099-06-30}

# Where a data set may be used, and what its columns are where the classification needs help. Globs
# match a data set's name (the file's name without its ending) and its source. NONE says that a
# column is harmless.
# datasets:
#   "customers*":
#     environment: prod
#     columns: {loyalty_no: CUSTOMER_ID, colour: NONE}

# Forms of values that the classification does not know, as entities of your own. `class` is
# internal unless said otherwise; `regex` is a value from beginning to end, without back-references
# and look-around; `header` are words of column names that speak for it.
# patterns:
#   - {entity: STAFF_NO, class: internal, regex: "ST-[0-9]{6}", header: ["staff no"]}

# The smallest group of rows whose sums and means stay exact.
# k: 5

# Columns that hold the same people or things under several names or entities: equal values get
# equal tokens in all of them. `data set.column`; the data set may be a glob. A data set keeps the
# domain that it had at its first token, until the keys are rotated.
# domains:
#   customer: [customers.customer_id, orders.cust]

# What is coarser than a value, for `generalise`: by column label or by entity. Values that are
# not listed get a token.
# hierarchies:
#   city: {Pune: Maharashtra, Nashik: Maharashtra}

# What `surrogate` puts in place of a value: made-up by key, or random and kept in a sealed table.
# surrogates: random

# Leave that somebody else gives for what roles do not give: whether it takes two people, and the
# folder in which accounts exchange requests and answers.
# `models`: whether an alias of a model may move to a version that nobody else has approved: refuse, as in
# environment prod, or flag, as elsewhere.
# approvals: {two_person: false, folder: /srv/privguard/approvals, models: flag}

# Rules by law or standard: default, gdpr, hipaa-safe-harbor, india-dpdp, pci-dss. Of a pack and this
# file the stricter holds.
# include: [gdpr]

# What is done to a value, from what shows most to what shows nothing: clear, round, shift (dates,
# by a number of days that is constant for a person), generalise, partial, fpe (other digits and
# letters in the same places, reversible), encrypt (reversible), surrogate (a made-up value), token,
# redact. The first rule that names a column's entity or class counts; of two with the same selector
# the stricter.
# `source` may say what asks for a rule; `privguard policy explain` prints it.
rules:
  - {entity: EMAIL_ADDRESS, public: token, internal: encrypt, compliance: clear}
  - {class: health, public: redact, internal: token, compliance: clear}

# What the code writes to files: record, or refuse what is sensitive.
# files: record

# What a notebook that the Jupyter server saves keeps of sensitive outputs: redact them, refuse to save, or
# record that they are there.
# save: redact

# Hosts that may be reached, by name, as that of a bucket for `privguard audit archive`; none without. A file in a
# folder of another account that keeps checkpoints of the log.
# network: {allow: [], http: false}
# anchor: {file: /srv/witness/privguard.checkpoints}
"""
