import { Select } from "@mantine/core";
import type { ComponentInfo } from "@/api/schema";

interface Props {
  label: string;
  components: readonly ComponentInfo[];
  chosen: ComponentInfo | undefined;
  onChange: (name: string) => void;
}

/** Which component to run, each with a line on what it is good for. */
export function ComponentSelect({ label, components, chosen, onChange }: Props) {
  return (
    <Select
      label={label}
      description={chosen?.summary ?? null}
      inputWrapperOrder={["label", "input", "description", "error"]}
      data={components.map(({ name, title }) => ({ value: name, label: title }))}
      value={chosen?.name ?? null}
      allowDeselect={false}
      onChange={(name) => name !== null && onChange(name)}
    />
  );
}
