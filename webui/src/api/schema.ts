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
export type StoppingAdvice = Schemas["StoppingAdvice"];
export type Undone = Schemas["Undone"];

export type Verdict = RuleAdvice["verdict"];

/** A stretch of a text, in characters (code points) as the server counts them; half-open. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** A coded value: one label, several, spans, or none yet. The scheme's widget says which. */
export type Value = string | readonly string[] | readonly Span[] | null;
