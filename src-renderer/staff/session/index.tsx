/** Who is at this PC. Works with and without a line to the centre. */
import { CloudOff } from "lucide-react";
import { useState } from "react";
import { useAct, useLive } from "../../api/index.ts";
import { Avatar, addTexts, Button, Callout, Hints, TextInput, useShortcuts, useT } from "../../ui/index.ts";
import { CareAtTheDoor } from "../care/index.tsx";
import { Door } from "../shell/door.tsx";
import { enGB } from "./en-GB.ts";

addTexts("session", enGB);

export function SignIn() {
  const t = useT("session");
  const people = useLive("session.people");
  const session = useLive("session.current");
  const fenced = useLive("care.state").data?.fence != null;
  const signIn = useAct("session.signIn");
  const demoIn = useAct("session.signInDemo");
  /** Null until somebody chooses or types: until then it is whoever uses this PC. */
  const [typed, setLogin] = useState<string | null>(null);
  const [password, setPassword] = useState("");
  const list = people.data?.people ?? [];
  const usual = list.find((person) => person.id === people.data?.defaultUserId);
  const login = typed ?? usual?.email ?? "";
  const chosen = list.find((person) => person.email === login || person.name === login);
  const submit = () => {
    const user = login.trim();
    if (user) void signIn.act({ user, password }).catch(() => setPassword(""));
  };
  const beDemo = () => {
    if (people.data?.demo && chosen) void demoIn.act({ user: chosen.id }).catch(() => {});
  };
  useShortcuts(
    list.slice(0, 9).map((person, index) => ({
      keys: String(index + 1),
      label: person.name,
      group: t("signIn"),
      run: () => setLogin(person.email),
    })),
  );
  const { branch, practice, device } = session.data ?? {};
  return (
    <Door
      foot={
        <>
          <p>
            <b>{[practice?.name, branch?.name].filter(Boolean).join(", ")}</b>{" "}
            <span className="t3">{device?.name}</span>
          </p>
          {people.data && !people.data.online ? (
            <p className="row g2">
              <CloudOff className="i s is-look" aria-hidden />
              {t(fenced ? "offlineFenced" : "offline")}
            </p>
          ) : null}
        </>
      }
      hints={
        <Hints
          items={[
            { keys: "1 – 9", label: t("people") },
            { keys: "Enter", label: t("signIn") },
          ]}
        />
      }
    >
      <CareAtTheDoor />
      <h1>{t("who")}</h1>
      <div className="two">
        <ul className="people" aria-label={t("people")}>
          {list.map((person, index) => (
            <li key={person.id}>
              <button
                type="button"
                aria-pressed={chosen?.id === person.id}
                onClick={() => setLogin(person.email)}
                onDoubleClick={beDemo}
              >
                <Avatar initials={person.initials} />
                <span className="grow">
                  <b>{person.name}</b>
                  <span className="small t3 block clip">
                    {[person.jobTitle, person.offlineReady ? t("seen") : people.data?.online ? "" : t("notHere")]
                      .filter(Boolean)
                      .join(" · ")}
                  </span>
                </span>
                {index < 9 ? <kbd>{index + 1}</kbd> : null}
              </button>
            </li>
          ))}
        </ul>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {people.data?.demo ? (
            <>
              <p className="section">{t("demoTitle")}</p>
              <p className="t2">{t("demoText")}</p>
              {chosen ? (
                <Button variant="primary" size="big" onClick={beDemo} busy={demoIn.busy}>
                  {t("be", { name: chosen.name.split(" ")[0] })}
                </Button>
              ) : null}
            </>
          ) : null}
          <TextInput
            label={t("name")}
            name="user"
            autoComplete="username"
            value={login}
            onChange={setLogin}
            // From here on nobody else writes in it: the people may arrive while somebody types.
            onFocus={() => setLogin(login)}
          />
          <TextInput
            label={t("password")}
            name="password"
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
          />
          {(signIn.error ?? demoIn.error) ? (
            <Callout tone="stop">{(signIn.error ?? demoIn.error)?.message}</Callout>
          ) : null}
          <Button
            variant={people.data?.demo ? "default" : "primary"}
            size="big"
            type="submit"
            keys="Enter"
            busy={signIn.busy}
          >
            {t("signIn")}
          </Button>
        </form>
      </div>
    </Door>
  );
}
