import { SegmentedControl } from "@mantine/core";
import { useMode } from "./mode";
import type { Mode } from "./schema";

const MODES = [
  { value: "easy", label: "Easy" },
  { value: "medium", label: "Medium" },
  { value: "pro", label: "Pro" },
];

/** How much there is to decide: little, what changes results, everything. */
export function ModeSwitch() {
  const [mode, setMode] = useMode();
  return (
    <SegmentedControl
      size="xs"
      data={MODES}
      value={mode}
      onChange={(chosen) => setMode(chosen as Mode)}
      aria-label="How much to decide"
      transitionDuration={0}
    />
  );
}
