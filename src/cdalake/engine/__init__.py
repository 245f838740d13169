"""The verb between CDA and Delta: plan, then execute.

In reading order:

- A run: `spec` (what is asked), `sync` (from manifest to result), `job` (what its tables share),
  `workplace` (where they are worked at), `progress` (what it says).
- Plan one table: `view` (how it stands), `state` (what is remembered beside its log), `survey`
  (look), `plan` (decide; pure), `at_rest` (need not even look).
- Carry it out: `execute`, `fetch` and `bring` (files), `arrived`, `promises` (do folders lack
  rows?), `write` (commits), `keep` (the memory).
- Columns: `fit`, `change` (the policy), `rewrite`, `widen`, `union`.
- When something is wrong: `foreign` (others), `reset` (CDA), then a person's choice: `ground`,
  `mend`, `verify`, and `outline` says what it comes to.
- Beside it: `follow` (the current table), `pressure` (what stores did), `zero_copy` (the layout).
- What others read of a run: `rundir`, `recorder`, `eventlog`, `manifests`.
"""
