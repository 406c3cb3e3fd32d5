import { useState } from "react";
import { useAct, useLive } from "../../api/index.ts";
import { Button, Callout, Chip, ConfirmButton, Dialog, Select, TextInput, useT, When } from "../../ui/index.ts";

const profiles = ["till", "exam", "lab", "desk", "hq", "single"] as const;

export function Devices() {
  const t = useT("access");
  const { data } = useLive("access.devices");
  const revoke = useAct("access.revokeDevice");
  const [adding, setAdding] = useState(false);
  return (
    <>
      <div className="pad row">
        {revoke.error ? <Callout tone="stop">{revoke.error.message}</Callout> : null}
        <span className="push" />
        <Button variant="primary" onClick={() => setAdding(true)}>
          {t("newDevice")}
        </Button>
      </div>
      <table className="tbl">
        <thead>
          <tr>
            <th>{t("device")}</th>
            <th>{t("branch")}</th>
            <th>{t("profile")}</th>
            <th>{t("terminal")}</th>
            <th>{t("status")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {(data?.devices ?? []).map((device) => (
            <tr key={device.id}>
              <td>
                <b>{device.name}</b> {device.id === data?.here ? <Chip tone="accent">{t("here")}</Chip> : null}
              </td>
              <td>{device.branch}</td>
              <td>{t(`profiles.${device.profile}`)}</td>
              <td className="tab">{device.terminal}</td>
              <td>
                {device.status === "active" ? (
                  <Chip tone="done">{t("states.active")}</Chip>
                ) : (
                  <Chip>{t("states.revoked")}</Chip>
                )}
              </td>
              <td className="num">
                {device.status === "active" && device.id !== data?.here ? (
                  <ConfirmButton
                    size="s"
                    variant="danger"
                    title={t("revokeTitle", { name: device.name })}
                    text={t("revokeText")}
                    confirm={t("revoke")}
                    onConfirm={() => void revoke.act({ id: device.id }).catch(() => {})}
                  >
                    {t("revoke")}
                  </ConfirmButton>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {adding ? <AddDevice onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function AddDevice({ onClose }: { onClose: () => void }) {
  const t = useT("access");
  const branches = useLive("access.branches");
  const make = useAct("access.createCode");
  const [branchId, setBranch] = useState("");
  const [profile, setProfile] = useState<string>("till");
  const [deviceName, setName] = useState("");
  const [made, setMade] = useState<{ code: string; expiresAt: number } | null>(null);
  const first = branches.data?.[0]?.id ?? "";
  const submit = () =>
    void make
      .act({ branchId: branchId || first, profile: profile as "till", deviceName })
      .then(setMade)
      .catch(() => {});
  return (
    <Dialog
      title={t("newDevice")}
      open
      onClose={onClose}
      actions={
        made ? undefined : (
          <Button variant="primary" busy={make.busy} onClick={submit}>
            {t("makeCode")}
          </Button>
        )
      }
    >
      {made ? (
        <div className="stack">
          <p className="label">{t("code")}</p>
          <p className="codebox">{made.code}</p>
          <p className="t2">
            {t("codeText", { until: "" })} <When at={made.expiresAt} />
          </p>
        </div>
      ) : (
        <div className="stack">
          <TextInput label={t("deviceName")} value={deviceName} onChange={setName} autoFocus />
          <Select
            label={t("branch")}
            value={branchId || first}
            onChange={setBranch}
            options={(branches.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Select
            label={t("profile")}
            value={profile}
            onChange={setProfile}
            options={profiles.map((value) => ({ value, label: t(`profiles.${value}`) }))}
          />
          {make.error ? <Callout tone="stop">{make.error.message}</Callout> : null}
        </div>
      )}
    </Dialog>
  );
}
