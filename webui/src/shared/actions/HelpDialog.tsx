import { Modal } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { t } from "@/shared/words/translate";
import { type Action, bySection, keyOf, shownKey } from "./action";
import classes from "./HelpDialog.module.css";
import { keysOf, resetKeys, setOwnKey, useOwnKeys } from "./ownKeys";
import { canChange, isOnlyHeld, refusal } from "./remap";

interface Props {
  actions: readonly Action[];
  opened: boolean;
  onClose: () => void;
}

/** Every action with its keys, straight from the registry; each may be given another. */
export function HelpDialog({ actions, opened, onClose }: Props) {
  const own = useOwnKeys();
  /** The action that waits for its key. */
  const [asking, setAsking] = useState<string | null>(null);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("Keys")}
      size="lg"
      // Escape first leaves the key that is asked for.
      closeOnEscape={asking === null}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <div className={classes.about}>
        <p>{t("Press a key’s button to give its action another key, in this browser.")}</p>
        {Object.keys(own).length > 0 && (
          <button type="button" className={classes.reset} onClick={resetKeys}>
            {t("Give all keys back")}
          </button>
        )}
      </div>
      <div className={classes.sections}>
        {bySection(actions).map(([section, listed]) => (
          <section key={section} className={classes.section}>
            <h3>{section}</h3>
            <dl className={classes.list}>
              {listed.map((action) => (
                <Line
                  key={action.id}
                  action={action}
                  actions={actions}
                  changed={own[action.id] !== undefined}
                  asking={asking === action.id}
                  onAsk={(ask) => setAsking(ask ? action.id : null)}
                  onRun={() => {
                    onClose();
                    action.run();
                  }}
                />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

interface LineProps {
  action: Action;
  actions: readonly Action[];
  changed: boolean;
  asking: boolean;
  onAsk: (ask: boolean) => void;
  onRun: () => void;
}

function Line({ action, actions, changed, asking, onAsk, onRun }: LineProps) {
  const [refused, setRefused] = useState<string | null>(null);
  const keys = keysOf(action);
  const end = () => {
    setRefused(null);
    onAsk(false);
  };
  const onKey = (event: KeyboardEvent) => {
    if (!asking || event.nativeEvent.isComposing) return;
    const sign = event.getModifierState("AltGraph");
    const key = sign ? event.key.toLowerCase() : keyOf(event.nativeEvent);
    // Tab leaves, as everywhere.
    if (key === "tab") return end();
    event.preventDefault();
    event.stopPropagation();
    if (key === "escape") return end();
    if (isOnlyHeld(key) || (!sign && (event.ctrlKey || event.metaKey || event.altKey))) return;
    const why = refusal(action, key, actions);
    setRefused(why);
    if (why !== null) return;
    setOwnKey(action.id, key === action.keys[0] ? null : key);
    end();
  };
  return (
    <div className={classes.line}>
      <dt>
        {keys.length === 0 && <span className={classes.none}>-</span>}
        {canChange(action) ? (
          <button
            type="button"
            className={classes.key}
            data-asking={asking}
            data-changed={changed}
            aria-label={
              asking
                ? t("key? Press the new one for “{{title}}”; Escape leaves it", {
                    title: action.title,
                  })
                : t("{{key}}: change the key for “{{title}}”", {
                    key: shownKey(keys[0] ?? ""),
                    title: action.title,
                  })
            }
            onClick={() => {
              setRefused(null);
              onAsk(!asking);
            }}
            onBlur={end}
            onKeyDown={onKey}
          >
            {asking ? t("key?") : shownKey(keys[0] ?? "")}
          </button>
        ) : (
          keys.slice(0, 1).map((key) => <kbd key={key}>{shownKey(key)}</kbd>)
        )}
        {keys.slice(1).map((key) => (
          <kbd key={key}>{shownKey(key)}</kbd>
        ))}
      </dt>
      <dd>
        {keys.length > 0 ? (
          action.title
        ) : (
          // What has no key is found here again.
          <button type="button" className={classes.run} disabled={action.disabled} onClick={onRun}>
            {action.title}
          </button>
        )}
        {changed && !asking && (
          <button
            type="button"
            className={classes.back}
            onClick={() => setOwnKey(action.id, null)}
            aria-label={t("back to {{key}}: “{{title}}”", {
              key: shownKey(action.keys[0] ?? ""),
              title: action.title,
            })}
          >
            {t("back to {{key}}", { key: shownKey(action.keys[0] ?? "") })}
          </button>
        )}
        {refused !== null && <span role="alert">{refused}</span>}
      </dd>
    </div>
  );
}
