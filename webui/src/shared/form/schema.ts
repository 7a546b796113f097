import { told } from "@/shared/words/translate";

/** What JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Who should see a field: everybody, whoever weighs results, whoever knows what it does. */
export type Mode = "easy" | "medium" | "pro";

interface Common {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mode: Mode;
  readonly required: boolean;
  readonly nullable: boolean;
  /** What counts where nothing is sent; undefined where something must be. */
  readonly initial: Json | undefined;
}

interface TextKind {
  readonly kind: "text";
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: string | null;
}

interface NumberKind {
  readonly kind: "number";
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
  /** The number itself is not allowed, only what is beyond it. */
  readonly above: number;
  readonly below: number;
}

interface SeveralKind {
  readonly kind: "several";
  readonly options: readonly string[] | null;
  /** Whether the options are names that people gave, and no words of the server. */
  readonly named?: true;
  readonly numbers: boolean;
  readonly minItems: number;
  readonly maxItems: number;
}

type Kind =
  | TextKind
  | NumberKind
  | SeveralKind
  | { readonly kind: "switch" }
  | {
      readonly kind: "choice";
      readonly options: readonly (string | number)[];
      readonly named?: true;
    }
  | { readonly kind: "group"; readonly fields: readonly Field[] }
  /** Anything else: written as JSON, so that no component is out of reach. */
  | { readonly kind: "json" };

/** A field of a form. */
export type Field = Common & Kind;

/** The parts of JSON Schema that params are described with. */
interface Schema {
  readonly [key: string]: unknown;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly default?: Json;
}

const DEEPEST = 4;

/** Return the fields of a form for params that a JSON Schema describes, in its order. */
export function fieldsOf(schema: unknown): readonly Field[] {
  const root = isSchema(schema) ? schema : {};
  const defs = isSchema(root.$defs) ? root.$defs : {};
  return fieldsIn(root, defs as Readonly<Record<string, Schema>>, "easy", 0);
}

type Defs = Readonly<Record<string, Schema>>;

function fieldsIn(schema: Schema, defs: Defs, mode: Mode, depth: number): readonly Field[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const { core, nullable } = withoutNull(property, defs);
    const own = modeOf(property) ?? modeOf(core) ?? mode;
    return {
      name,
      title: told(text(property.title) ?? readable(name)),
      // A definition's description tells of its type; the property's own tells what it is for.
      description: told(text(property.description) ?? text(core.description) ?? ""),
      mode: own,
      required: (schema.required ?? []).includes(name),
      nullable,
      initial: property.default,
      ...kindOf(core, defs, own, depth),
    };
  });
}

/** Take null away from what a property may be, and look its definition up. */
function withoutNull(property: Schema, defs: Defs): { core: Schema; nullable: boolean } {
  const variants = property.anyOf ?? property.oneOf;
  const others = variants?.filter((each) => each.type !== "null");
  if (variants !== undefined && others?.length === 1 && others[0] !== undefined) {
    return { core: resolved(others[0], defs), nullable: others.length < variants.length };
  }
  const core = resolved(property, defs);
  const types = typeof core.type === "object" ? core.type.filter((each) => each !== "null") : [];
  if (types.length === 1) return { core: { ...core, type: types[0] as string }, nullable: true };
  const given = core.enum;
  if (given?.includes(null)) {
    return { core: { ...core, enum: given.filter((each) => each !== null) }, nullable: true };
  }
  return { core, nullable: false };
}

function resolved(schema: Schema, defs: Defs): Schema {
  const name = text(schema.$ref)?.replace("#/$defs/", "");
  return name === undefined ? schema : (defs[name] ?? {});
}

function kindOf(core: Schema, defs: Defs, mode: Mode, depth: number): Kind {
  if (core.enum !== undefined) return choiceOf(core.enum);
  switch (core.type) {
    case "string":
      return {
        kind: "text",
        minLength: count(core.minLength, 0),
        maxLength: count(core.maxLength, Number.POSITIVE_INFINITY),
        pattern: text(core.pattern) ?? null,
      };
    case "integer":
    case "number":
      return numberOf(core);
    case "boolean":
      return { kind: "switch" };
    case "array":
      return severalOf(core, defs);
    case "object":
      if (core.properties === undefined || depth >= DEEPEST) return { kind: "json" };
      return { kind: "group", fields: fieldsIn(core, defs, mode, depth + 1) };
    default:
      return { kind: "json" };
  }
}

function choiceOf(options: readonly unknown[]): Kind {
  const known = options.filter((each) => typeof each === "string" || typeof each === "number");
  return known.length === options.length ? { kind: "choice", options: known } : { kind: "json" };
}

function numberOf(core: Schema): NumberKind {
  return {
    kind: "number",
    whole: core.type === "integer",
    min: count(core.minimum, Number.NEGATIVE_INFINITY),
    max: count(core.maximum, Number.POSITIVE_INFINITY),
    above: count(core.exclusiveMinimum, Number.NEGATIVE_INFINITY),
    below: count(core.exclusiveMaximum, Number.POSITIVE_INFINITY),
  };
}

function severalOf(core: Schema, defs: Defs): Kind {
  const item = resolved(core.items ?? {}, defs);
  const options = item.enum?.filter((each) => typeof each === "string") ?? null;
  const numbers = item.type === "integer" || item.type === "number";
  const allKnown = options !== null && options.length === item.enum?.length;
  if (!allKnown && !numbers && item.type !== "string") return { kind: "json" };
  return {
    kind: "several",
    options,
    numbers,
    minItems: count(core.minItems, 0),
    maxItems: count(core.maxItems, Number.POSITIVE_INFINITY),
  };
}

function modeOf(schema: Schema): Mode | undefined {
  const mode = schema["x-mode"];
  return mode === "easy" || mode === "medium" || mode === "pro" ? mode : undefined;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function count(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

/** Make a name readable: "max_df" is "Max df". */
export function readable(name: string): string {
  return name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
}
