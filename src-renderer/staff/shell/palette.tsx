/** Ctrl+K: everything that can be done on this screen, by name. */
import { useState } from "react";
import { Dialog, Kbd, TextInput, type UiCommand, useCommands, useShortcuts, useT } from "../../ui/index.ts";

export function Palette() {
  const t = useT("shell");
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const commands = useCommands();
  useShortcuts([{ keys: "Ctrl+K", label: t("palette"), group: "Horopter", run: () => setOpen(true) }]);
  const wanted = text.trim().toLowerCase();
  const shown = commands
    .filter((command) => command.when !== false && command.label.toLowerCase().includes(wanted))
    .slice(0, 14);
  function run(command: UiCommand | undefined): void {
    setOpen(false);
    setText("");
    setAt(0);
    if (command) setTimeout(command.run, 0);
  }
  return (
    <Dialog title={t("palette")} open={open} onClose={() => run(undefined)}>
      <div>
        <TextInput
          onArrow={(by) => setAt((index) => Math.max(0, Math.min(shown.length - 1, index + by)))}
          label={t("paletteSearch")}
          value={text}
          autoFocus
          onChange={(value) => {
            setText(value);
            setAt(0);
          }}
          onEnter={() => run(shown[at])}
        />
      </div>
      <div className="found" role="listbox" aria-label={t("palette")}>
        {shown.length === 0 ? <p className="small t3 pad">{t("noCommand")}</p> : null}
        {shown.map((command, index) => (
          <div
            key={command.keys + command.label}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onMouseDown={() => run(command)}
          >
            <span className="grow">{command.label}</span>
            <Kbd keys={command.keys.replaceAll("+", " ")} />
          </div>
        ))}
      </div>
    </Dialog>
  );
}
