export { deriveRun, deriveTrial } from '../derive/derive.ts';
export { type MetricDefinition, metricNamed, metrics } from '../derive/metrics.ts';
export { isUsable, type UsableFigure } from '../derive/usable.ts';
export type { ExperimentChoice, VariantChoice } from '../experiment/file/experiment-file.ts';
export { loadExperiment } from '../experiment/file/experiment-file.ts';
export type { OnProgress, ProgressEvent } from '../lab/progress.ts';
export type {
  ComparedPair,
  Comparison,
  Difference,
  GateResult,
  MetricComparison,
  Verdict,
} from '../record/comparison.ts';
export { type ErrorCode, errorCodes, ParseError, TapbenchError } from '../record/error.ts';
export type { Experiment } from '../record/experiment.ts';
export type { Finding } from '../record/finding.ts';
export type { Cost, Measurement } from '../record/measurement.ts';
export type { MetricHistory } from '../record/metric-history.ts';
export type { Run, RunEnd, RunHeader } from '../record/run.ts';
export type { GatheredTrial, Trial } from '../record/trial.ts';
export { comparisonJson } from '../report/comparison/json.ts';
export { comparisonMarkdown, comparisonSummary } from '../report/comparison/markdown.ts';
export { comparisonTerminal } from '../report/comparison/terminal.ts';
export { csvReport } from '../report/csv.ts';
export { type ExplainedFingerprint, explainText } from '../report/explain.ts';
export { jsonReport } from '../report/json.ts';
export { markdownReport } from '../report/markdown/markdown.ts';
export { type NoteCheck, type NoteRemark, noteCheckText } from '../report/note/check.ts';
export { type ReproducedFigure, type Reproduction, reproductionText } from '../report/note/reproduction.ts';
export { terminalReport } from '../report/terminal/terminal.ts';
export type { DamagedRecord } from '../store/read-run.ts';
export type { RunSummary } from '../store/run-summary.ts';
export {
  type ArchiveOptions,
  archiveRun,
  type ImportedRun,
  type ImportOptions,
  importRun,
  type WrittenArchive,
} from './archive.ts';
export { type ComparedRuns, type CompareOptions, compare, comparisonWithin } from './compare.ts';
export { explainRun } from './explain.ts';
export { type ExportOptions, exportedRows } from './export.ts';
export {
  type HistoryOptions,
  indexEndedRun,
  type ListOptions,
  listRuns,
  type Reindexed,
  type RunFilter,
  reindexStore,
  type SeriesPoint,
  type SeriesQuery,
  seriesOf,
} from './history.ts';
export { type MetricHistoryQuery, metricHistory } from './metric-history.ts';
export { checkNote } from './note-check.ts';
export { importNote, type NoteRun, readNoteRun } from './note-run.ts';
export { type ExperimentPlan, planExperiment } from './plan.ts';
export { type ReadRun, readRun } from './read.ts';
export { type NoteToReproduce, planReproduction, reproduction } from './reproduce.ts';
export { type RunOptions, type RunResult, run } from './run.ts';
export { runInNested } from './run-nested.ts';
export type { StoreOptions } from './store-options.ts';
export { tagRun } from './tag.ts';
export { version } from './version.ts';
