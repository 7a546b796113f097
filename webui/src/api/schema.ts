import type { components } from "./generated";

type Schemas = components["schemas"];

export type ComponentInfo = Schemas["ComponentInfo"];
export type Element = Schemas["Element"];
export type Energy = Schemas["Energy"];
export type EnergyBudget = Schemas["EnergyBudget"];
export type EnergyBy = EnergyReport["by"];
export type EnergyReport = Schemas["EnergyReport"];
export type EnergyStanding = Schemas["EnergyStanding"];
export type EnergySum = Schemas["Sum"];
export type Expectation = Schemas["Expectation"];
export type FeatureInfo = Schemas["FeatureInfo"];
export type ReadingWindow = Schemas["ReadingWindow"];
export type GuideBelief = Schemas["GuideBelief"];
export type GuideInfo = Schemas["GuideInfo"];
export type JobEstimate = Schemas["JobEstimate"];
export type JobPage = Schemas["JobViewPage"];
export type JobState = JobView["state"];
export type JobView = Schemas["JobView"];
export type LabelInfo = Schemas["LabelInfo"];
export type Account = Schemas["Account"];
export type MonitorReport = Schemas["MonitorReport"];
export type ModelInfo = Schemas["ModelInfo"];
export type NewAnnotation = Schemas["NewAnnotation"];
export type ProjectConfig = Schemas["ProjectConfig"];
export type NewEstimate = Schemas["NewEstimate"];
export type NewFeature = Schemas["NewFeature"];
export type NewGuide = Schemas["NewGuide"];
export type NewModel = Schemas["NewModel"];
export type NewScheme = Schemas["NewScheme"];
export type NewSimulation = Schemas["NewSimulation"];
export type NextQuery = Schemas["NextQuery"];
export type NextTexts = Schemas["NextTexts"];
export type ProjectInfo = Schemas["ProjectInfo"];
export type ProjectState = Schemas["ProjectState"];
export type SchemeInfo = Schemas["SchemeInfo"];
export type RuleAdvice = Schemas["RuleAdvice"];
export type Score = Schemas["Score"];
export type SimulatedStrategy = Schemas["SimulatedStrategy"];
export type SimulationInfo = Schemas["SimulationInfo"];
export type SimulationReport = Schemas["SimulationReport"];
export type SimulationSummary = Schemas["SimulationSummary"];
export type Delivery = Schemas["DeliveryInfo"];
export type MadeWebhook = Schemas["MadeWebhook"];
export type NewWebhook = Schemas["NewWebhook"];
export type Webhook = Schemas["WebhookInfo"];
export type WebhookPatch = Schemas["WebhookPatch"];

export type StoppingAdvice = Schemas["StoppingAdvice"];
export type Undone = Schemas["Undone"];

export type LabellingInfo = Schemas["LabellingInfo"];
export type LabelRows = Schemas["LabelRows"];
export type NewLabelling = Schemas["NewLabelling"];
export type NewPrompt = Schemas["NewPrompt"];
export type NewPromptVersion = Schemas["NewPromptVersion"];
export type NewSecret = Schemas["NewSecret"];
export type Promoted = Schemas["Promoted"];
export type PromptInfo = Schemas["PromptInfo"];
export type PromptTemplates = Schemas["PromptTemplates"];
export type RenderedPrompt = Schemas["RenderedPrompt"];
export type ReplyTotals = Schemas["ReplyTotals"];
export type ReplyView = Schemas["ReplyView"];
export type SecretInfo = Schemas["SecretInfo"];
export type ReplyState = ReplyView["state"];

export type AddLabel = Schemas["AddLabel"];
export type LabelCount = Schemas["LabelCount"];
export type LabelOperation =
  | AddLabel
  | Schemas["RenameLabel"]
  | Schemas["RestyleLabel"]
  | Schemas["MergeLabels"]
  | Schemas["DeleteLabel"]
  | Schemas["ReorderLabels"];
export type SchemePatch = Schemas["SchemePatch"];
export type Statistics = Schemas["Statistics"];

export type Affects = CodebookVersion["affects"];
export type AnnotatorPeriod = Schemas["AnnotatorPeriod"];
export type AnnotatorQuality = Schemas["AnnotatorQuality"];
export type Checks = Schemas["Checks"];
export type CodebookLine = Schemas["CodebookLine"];
export type CodebookVersion = Schemas["CodebookVersionInfo"];
export type CodebookVersionPatch = Schemas["CodebookVersionPatch"];
export type CodebookVersionView = Schemas["CodebookVersionView"];
export type Drift = Schemas["Drift"];
export type Feedback = Schemas["Feedback"];
export type GoldText = Schemas["GoldTextInfo"];
export type HistoryEntry = Schemas["HistoryEntry"];
export type LabelChange = Schemas["LabelChange"];
export type NewGold = Schemas["NewGold"];
export type Redone = Schemas["Redone"];
export type Saved = Schemas["Saved"];
export type Share = Schemas["Share"];

export type ApiToken = Schemas["ApiToken"];
export type ExternalAccount = Schemas["ExternalAccountView"];
export type NewApiToken = Schemas["NewApiToken"];
export type OwnPassword = Schemas["OwnPassword"];
export type Revoked = Schemas["Revoked"];
export type SessionView = Schemas["SessionView"];

export type FileColumn = Schemas["FileColumn"];
export type FilePreview = Schemas["FilePreview"];
export type Me = Schemas["Me"];
export type Preferences = Schemas["Preferences"];
export type ProjectProgress = Schemas["ProjectProgress"];
export type ProjectCopy = Schemas["ProjectCopy"];
export type ProjectPatch = Schemas["ProjectPatch"];
export type RowsAdded = Schemas["RowsAdded"];

export type Condition = Schemas["Condition"];
export type Similar = Schemas["Similar"];
export type SortKey = Schemas["SortKey"];
export type TableQuery = Schemas["TableQuery"];
export type TableView = Schemas["TableView"];

export type NewProjection = Schemas["NewProjection"];
export type NewTopics = Schemas["NewTopics"];
export type ProjectionInfo = Schemas["ProjectionInfo"];
export type Region = Schemas["Region"];
export type Sample = Schemas["Sample"];
export type Filter = Schemas["Filter"];
export type TopicInfo = Schemas["TopicInfo"];
export type TopicOperation = Schemas["TopicOperation"];
export type TopicsInfo = Schemas["TopicsInfo"];

export type Verdict = RuleAdvice["verdict"];

/** A stretch of a text, in characters (code points) as the server counts them; half-open. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** A coded value: one label, several, spans, or none yet. The scheme's widget says which. */
export type Value = string | readonly string[] | readonly Span[] | null;

export type AuditEntry = Schemas["AuditEntry"];
export type GroupStanding = Schemas["GroupStanding"];
export type InvitationInfo = Schemas["InvitationInfo"];
export type InvitationView = Schemas["InvitationView"];
export type Joined = Schemas["Joined"];
export type Member = Schemas["Member"];
export type Membership = Schemas["Membership"];
export type MessageView = Schemas["MessageView"];
export type NewInvitation = Schemas["NewInvitation"];
export type NewTask = Schemas["NewTask"];
export type Reassigned = Schemas["Reassigned"];
export type TaskInfo = Schemas["TaskInfo"];
export type TaskPatch = Schemas["TaskPatch"];
export type TaskPerson = Schemas["TaskPerson"];
export type TaskProgress = Schemas["TaskProgress"];
export type Accepted = Schemas["Accepted"];
export type AgreementView = Schemas["AgreementView"];
export type Coefficient = Schemas["Coefficient"];
export type Decision = Schemas["Decision"];
export type Disagreement = Schemas["Disagreement"];
export type DisagreementPage = Schemas["DisagreementPage"];
export type NewThread = Schemas["NewThread"];
export type PostView = Schemas["PostView"];
export type ThreadView = Schemas["ThreadView"];
export type VoteView = Schemas["VoteView"];
export type Withdrawn = Schemas["Withdrawn"];
export type Covariate = Schemas["Covariate"];
export type DrawPlan = Schemas["DrawPlan"];
export type EstimatorPlans = Schemas["EstimatorPlans"];
export type NewComparison = Schemas["NewComparison"];
export type NewCorpusEstimate = Schemas["NewCorpusEstimate"];
export type NewDrawnSample = Schemas["NewDrawnSample"];
export type SampleInfo = Schemas["SampleInfo"];
export type ScoreReport = Schemas["ScoreReport"];

export type CalibrationBin = Schemas["CalibrationBin"];
export type JobPoint = Schemas["JobMetrics"];
export type NewLearningCurve = Schemas["NewLearningCurve"];
export type WrongPrediction = Schemas["WrongPrediction"];
export type WrongPredictions = Schemas["WrongPredictions"];
