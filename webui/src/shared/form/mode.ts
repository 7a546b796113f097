import { useLocalStorage } from "@mantine/hooks";
import type { Mode } from "./schema";

/** How much the user wants to decide, in every form and every tab. */
export function useMode(): [Mode, (mode: Mode) => void] {
  const [mode, setMode] = useLocalStorage<Mode>({
    key: "kodkod.mode",
    defaultValue: "easy",
    getInitialValueInEffect: false,
  });
  return [mode === "medium" || mode === "pro" ? mode : "easy", setMode];
}
