import { useState } from "react";
import { type Output, useAct, useLive } from "../../api/index.ts";
import { Button, Callout, Checkbox, notify, TextInput, useT, When } from "../../ui/index.ts";

type Data = Output<"access.roles">;
type Role = Data["roles"][number];
type Scope = "A" | "T" | "O" | "S";
const scopes: readonly Scope[] = ["A", "T", "O", "S"];

/** Roles that the practice defines for itself: tick, see what changes, say why, save. */
export function Roles() {
  const t = useT("access");
  const { data } = useLive("access.roles");
  const [chosen, setChosen] = useState<string | null>(null);
  if (!data) return null;
  const role = data.roles.find(({ id }) => id === chosen) ?? (chosen === "new" ? null : data.roles[0]);
  return (
    <div className="roles">
      <div className="names">
        {data.roles.map((each) => (
          <button key={each.id} type="button" aria-pressed={each.id === role?.id} onClick={() => setChosen(each.id)}>
            <span className="grow">
              <b>{each.name}</b>
              <span className="small t3 block">{t("rights", { count: Object.keys(each.permissions).length })}</span>
            </span>
            <span className="small t3">{t("peopleIn", { count: each.people })}</span>
          </button>
        ))}
        <Button size="s" onClick={() => setChosen("new")}>
          {t("newRole")}
        </Button>
      </div>
      <RoleEditor key={role?.id ?? "new"} role={role ?? null} data={data} done={setChosen} />
    </div>
  );
}

function RoleEditor({ role, data, done }: { role: Role | null; data: Data; done: (id: string) => void }) {
  const t = useT("access");
  const save = useAct("access.saveRole");
  const before = (role?.permissions ?? {}) as Record<string, Scope>;
  const [rights, setRights] = useState<Record<string, Scope>>(before);
  const [name, setName] = useState(role?.name ?? "");
  const [description, setDescription] = useState(role?.description ?? "");
  const [reason, setReason] = useState("");
  const keys = new Set([...Object.keys(before), ...Object.keys(rights)]);
  const changes =
    [...keys].filter((key) => before[key] !== rights[key]).length +
    (name !== (role?.name ?? "") ? 1 : 0) +
    (description !== (role?.description ?? "") ? 1 : 0);
  const tick = (key: string, on: boolean) =>
    setRights(({ [key]: _, ...rest }) => (on ? { ...rest, [key]: before[key] ?? "A" } : rest));
  const submit = () =>
    void save
      .act({ id: role?.id ?? null, name, description: description || null, permissions: rights, reason })
      .then(({ id }) => {
        notify({ tone: "done", title: t("saved"), body: name });
        setReason("");
        done(id);
      })
      .catch(() => {});
  return (
    <div className="col">
      <div className="pad grid2">
        <TextInput label={t("name")} value={name} onChange={setName} />
        <TextInput label={t("description")} value={description} onChange={setDescription} />
        {role?.lastChange ? (
          <p className="small t3 wide">
            {t("lastChange")}: <When at={role.lastChange.at} mode="date" />, {role.lastChange.who}:{" "}
            {role.lastChange.reason}
          </p>
        ) : null}
      </div>
      <div className="rights">
        {data.groups.map((group) => (
          <section key={group.code}>
            <h2 className="section">{group.label}</h2>
            {data.catalogue
              .filter((permission) => permission.group === group.code)
              .map(({ key, label }) => {
                const scope = rights[key];
                const state = before[key] === scope ? "" : scope ? "added" : "removed";
                return (
                  <div key={key} className={`right ${state}`}>
                    <Checkbox label={label} checked={scope !== undefined} onChange={(on) => tick(key, on)} />
                    {scope ? (
                      <select
                        aria-label={`${label}: ${t("role")}`}
                        value={scope}
                        onChange={(event) => setRights({ ...rights, [key]: event.target.value as Scope })}
                      >
                        {scopes.map((value) => (
                          <option key={value} value={value}>
                            {t(`scope.${value}`)}
                          </option>
                        ))}
                      </select>
                    ) : null}
                  </div>
                );
              })}
          </section>
        ))}
      </div>
      <div className="rolefoot">
        <div>
          <b>{changes > 0 ? t("changes", { count: changes }) : t("noChanges")}</b>
          <p className="small t3">{t("applies")}</p>
          {save.error ? <Callout tone="stop">{save.error.message}</Callout> : null}
        </div>
        <TextInput label={t("reason")} value={reason} onChange={setReason} />
        <Button variant="primary" waits={changes === 0 ? "" : undefined} busy={save.busy} onClick={submit}>
          {t("save")}
        </Button>
      </div>
    </div>
  );
}
