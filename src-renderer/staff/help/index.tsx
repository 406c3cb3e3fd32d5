/** The keys of the screen one came from, made from the command registry, so that it cannot drift. */
import { addTexts, Kbd, PageHead, useCommands, useT, Work } from "../../ui/index.ts";

addTexts("help", {
  title: "Help",
  keys: "Keys that work everywhere",
  numbers: "Typing powers",
  powerText: "+1.25, -075, pl and 125 are understood; a cylinder needs its sign. Arrow up and down step a quarter.",
  offline: "Without the internet",
  offlineText:
    "Everything on this PC goes on working. The pill at the top says what waits; it is sent by itself when the line is back.",
  scanner: "Scanning",
  scannerText: "Scan a ticket, a tray or a receipt on any screen to open it.",
});

export default function HelpScreen() {
  const t = useT("help");
  const commands = useCommands();
  return (
    <Work head={<PageHead title={t("title")} />}>
      <div className="pad stack">
        <h2 className="section">{t("keys")}</h2>
        <dl className="kv keys-list">
          {commands.map((command) => (
            <div key={command.keys + command.label} className="typed">
              <dt>
                <Kbd keys={command.keys.replaceAll("+", " ")} />
              </dt>
              <dd>{command.label}</dd>
            </div>
          ))}
        </dl>
        {(["numbers", "scanner", "offline"] as const).map((topic) => (
          <section key={topic} className="stack">
            <h2 className="section">{t(topic)}</h2>
            <p className="t2">{t(topic === "numbers" ? "powerText" : `${topic}Text`)}</p>
          </section>
        ))}
      </div>
    </Work>
  );
}
