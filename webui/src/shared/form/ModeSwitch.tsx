import { SegmentedControl } from "@mantine/core";
import { remember } from "@/shared/session/preferences";
import { t } from "@/shared/words/translate";
import { useMode } from "./mode";
import type { Mode } from "./schema";

const MODES = [
  { value: "easy", label: t("Easy") },
  { value: "medium", label: t("Medium") },
  { value: "pro", label: t("Pro") },
];

/** How much there is to decide: little, what changes results, everything. */
export function ModeSwitch() {
  const [mode, setMode] = useMode();
  return (
    <SegmentedControl
      size="xs"
      data={MODES}
      value={mode}
      onChange={(chosen) => {
        setMode(chosen as Mode);
        void remember({ mode: chosen as Mode });
      }}
      aria-label={t("How much to decide")}
      transitionDuration={0}
    />
  );
}
