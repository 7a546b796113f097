import { Outlet } from "@tanstack/react-router";
import { setHelp, useHelpOpened } from "@/shared/actions/help";
import { setPalette, usePaletteOpened } from "@/shared/actions/palette/opened";
import { presentActions } from "@/shared/actions/present";
import { useActionKeys } from "@/shared/actions/useActionKeys";
import { everywhere } from "@/shared/everywhere";
import { Notices } from "@/shared/notices/Notices";
import { useAdoptedPreferences } from "@/shared/session/usePreferences";
import { useLater } from "@/shared/ui/useLater";

const loadPalette = async () => (await import("@/shared/actions/palette/Palette")).Palette;
const loadHelp = async () => (await import("@/shared/actions/HelpDialog")).HelpDialog;

/** What every page has once somebody is signed in: keys, their list, the palette, and notices. */
export function SignedIn() {
  const help = useHelpOpened();
  const HelpDialog = useLater(loadHelp, help);
  const palette = usePaletteOpened();
  const Palette = useLater(loadPalette, palette);
  useActionKeys(everywhere);
  useAdoptedPreferences();
  return (
    <>
      <Outlet />
      <Notices />
      {palette && Palette !== null && (
        <Palette actions={presentActions()} onClose={() => setPalette(false)} />
      )}
      {help && HelpDialog !== null && (
        <HelpDialog actions={presentActions()} opened onClose={() => setHelp(false)} />
      )}
    </>
  );
}
