import {
  Checkbox,
  MultiSelect,
  NumberInput,
  Select,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { separators } from "@/shared/words/number";
import { shownOption } from "./draft";
import type { Field, Json } from "./schema";

interface Props {
  field: Exclude<Field, { kind: "group" }>;
  value: Json;
  error: string | undefined;
  onChange: (value: Json) => void;
}

const ORDER: ("label" | "input" | "description" | "error")[] = [
  "label",
  "input",
  "description",
  "error",
];

/** Text of more characters gets more than a line. */
const LONG_TEXT = 1_000;

/** A field as the input that fits what it may hold. */
export function FieldInput({ field, value, error, onChange }: Props) {
  const common = {
    label: field.title,
    description: field.description === "" ? null : field.description,
    error: error ?? null,
    required: mustFill(field),
    withAsterisk: mustFill(field),
    // Descriptions differ in length: below the inputs they leave those in line.
    inputWrapperOrder: ORDER,
  };
  switch (field.kind) {
    case "switch":
      return (
        <Checkbox
          label={field.title}
          description={common.description}
          error={common.error}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...common}
          value={typeof value === "number" || typeof value === "string" ? value : ""}
          allowDecimal={!field.whole}
          // What is out of bounds is said, not quietly changed.
          clampBehavior="none"
          decimalScale={12}
          thousandSeparator={separators().thousandSeparator}
          min={field.min}
          max={field.max}
          onChange={onChange}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          data={field.options.map((option) => ({
            value: String(option),
            label: shownOption(field, option),
          }))}
          value={value === null ? null : String(value)}
          allowDeselect={false}
          clearable={field.nullable}
          searchable={field.options.length > 10}
          onChange={(chosen) =>
            onChange(field.options.find((option) => String(option) === chosen) ?? null)
          }
        />
      );
    case "several": {
      const items = Array.isArray(value) ? value.map(String) : [];
      const { options } = field;
      if (options !== null) {
        const data = options.map((option) => ({
          value: option,
          label: shownOption(field, option),
        }));
        return <MultiSelect {...common} data={data} value={items} onChange={onChange} />;
      }
      return <TagsInput {...common} value={items} onChange={onChange} acceptValueOnBlur />;
    }
    case "text":
      if (field.maxLength >= LONG_TEXT && Number.isFinite(field.maxLength)) {
        return (
          <Textarea
            {...common}
            autosize
            minRows={1}
            maxRows={8}
            dir="auto"
            value={String(value ?? "")}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        );
      }
      return (
        <TextInput
          {...common}
          dir="auto"
          value={String(value ?? "")}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "json":
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={12}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          value={String(value ?? "")}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

function mustFill(field: Field): boolean {
  return field.required && field.initial === undefined && !field.nullable;
}
