/** The frame: what is shown before set-up, before signing in, and around every screen. */
import { Info } from "lucide-react";
import { useEffect } from "react";
import { useLive } from "../../api/index.ts";
import { addTexts, ErrorState, handleKey, Toasts, useShortcuts, useT } from "../../ui/index.ts";
import { enGB as access } from "../access/en-GB.ts";
import { enGB as cases } from "../cases/en-GB.ts";
import { enGB as diary } from "../diary/en-GB.ts";
import { enGB as dispensing } from "../dispensing/en-GB.ts";
import { enGB as exams } from "../exams/en-GB.ts";
import { enGB as lab } from "../lab/en-GB.ts";
import { enGB as patients } from "../patients/en-GB.ts";
import { SignIn } from "../session/index.tsx";
import { Setup } from "../setup/index.tsx";
import { enGB as today } from "../today/en-GB.ts";
import { enGB } from "./en-GB.ts";
import { Frame } from "./frame.tsx";
import { Palette } from "./palette.tsx";
import { SessionProvider, type SignedIn } from "./session.tsx";
import { toggleTheme } from "./theme.ts";

addTexts("shell", enGB);
// Words of states and fields that other screens show too; the screens themselves are loaded when they are opened.
for (const [name, texts] of Object.entries({ access, cases, diary, dispensing, exams, lab, patients, today }))
  addTexts(name, texts);

function DemoBar() {
  const t = useT("shell");
  return (
    <div className="demo" role="note">
      <Info className="i" aria-hidden />
      <span>{t("demo")}</span>
    </div>
  );
}

export function Shell() {
  const t = useT("shell");
  const setup = useLive("setup.state");
  const session = useLive("session.current");
  useEffect(() => {
    window.addEventListener("keydown", handleKey);
    return () => window.removeEventListener("keydown", handleKey);
  }, []);
  useShortcuts([{ keys: "Ctrl+Shift+L", label: t("theme"), group: t("palette"), run: toggleTheme }]);

  if (setup.error ?? session.error)
    return (
      <ErrorState
        error={(setup.error ?? session.error) as { message: string }}
        retry={() => window.location.reload()}
      />
    );
  if (!setup.data || !session.data) return null;
  const { stage } = setup.data;
  const current = session.data;
  return (
    <>
      {setup.data.demo || current.demo ? <DemoBar /> : <span />}
      {stage !== "ready" ? (
        <Setup />
      ) : current.person && current.branch && current.device ? (
        <SessionProvider session={current as SignedIn}>
          <Frame />
        </SessionProvider>
      ) : (
        <SignIn />
      )}
      <Palette />
      <Toasts />
    </>
  );
}
