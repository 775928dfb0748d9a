/** Marks a database as ours (`PRAGMA application_id`): "tapb". */
export const applicationId = 0x74617062;

/**
 * Version of what the index holds. Raise it with every change of these tables, and with every change of audits, formulas or metrics that changes a figure or
 * whether it is usable: an index of another version is rebuilt.
 */
export const indexVersion = 3;

/** Tables in the order in which they are copied. Times are ms since 1970 (UTC). */
export const tables = [
  'meta',
  'runs',
  'configurations',
  'fields',
  'tags',
  'trials',
  'series',
  'figures',
  'verdicts',
] as const;

/** What a run holds, as an expression over `runs`: `figuresOf` and `verdictsOf` are what it was when those were read. */
export const contentsSql = "(signature || ' ' || finishedTrials)";

/** `figures` has those of repeated trials too: which one a boot counts with is chosen by the query. */
export const schemaSql = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
  run INTEGER PRIMARY KEY,
  runId TEXT NOT NULL UNIQUE,
  startedAt INTEGER,
  experiment TEXT,
  status TEXT NOT NULL,
  stoppedBy TEXT,
  fingerprint TEXT,
  summary TEXT NOT NULL,
  finishedTrials INTEGER NOT NULL,
  openTrials TEXT NOT NULL,
  signature TEXT NOT NULL,
  isInDoubt INTEGER NOT NULL,
  figuresOf TEXT,
  verdictsOf TEXT
);
CREATE TABLE configurations (
  configuration INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (run, name)
);
CREATE TABLE fields (
  configuration INTEGER NOT NULL,
  path TEXT NOT NULL,
  value TEXT NOT NULL,
  number REAL,
  PRIMARY KEY (configuration, path)
) WITHOUT ROWID;
CREATE INDEX fieldsByValue ON fields (path, value);
CREATE TABLE tags (run INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (run, tag)) WITHOUT ROWID;
CREATE TABLE trials (
  trial INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  trialId TEXT NOT NULL,
  signature TEXT NOT NULL,
  status TEXT NOT NULL,
  configuration TEXT,
  block INTEGER,
  boot INTEGER,
  attempt INTEGER,
  place INTEGER,
  startedAt INTEGER,
  UNIQUE (run, trialId)
);
CREATE TABLE series (
  series INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  configuration TEXT NOT NULL,
  workload TEXT NOT NULL,
  metric TEXT NOT NULL,
  UNIQUE (run, configuration, workload, metric)
);
CREATE INDEX seriesByMetric ON series (metric);
CREATE TABLE figures (
  series INTEGER NOT NULL,
  boot INTEGER NOT NULL,
  trial INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (series, boot, trial)
) WITHOUT ROWID;
CREATE TABLE verdicts (
  run INTEGER NOT NULL,
  configuration TEXT NOT NULL,
  workload TEXT NOT NULL,
  metric TEXT NOT NULL,
  verdict TEXT NOT NULL,
  PRIMARY KEY (run, configuration, workload, metric)
) WITHOUT ROWID;
`;
