/** Running the practice: people, roles, devices, branches, what is sold. */
import { FolderInput } from "lucide-react";
import { useState } from "react";
import { addTexts, Button, go, PageHead, Tabs, useT, Work } from "../../ui/index.ts";
import { ExamForms } from "../exams/index.tsx";
import { FileRoom } from "../files/index.tsx";
import { Limits } from "../limits/index.tsx";
import { useSession } from "../shell/session.tsx";
import { Branches } from "./branches.tsx";
import { Catalogue } from "./catalogue.tsx";
import { Devices } from "./devices.tsx";
import { enGB } from "./en-GB.ts";
import { Integrations } from "./integrations.tsx";
import { People } from "./people.tsx";
import { Roles } from "./roles.tsx";
import "./access.css";

addTexts("access", enGB);

const tabs = [
  { value: "people", needs: "users:manage", screen: People },
  { value: "roles", needs: "roles:manage", screen: Roles },
  { value: "devices", needs: "devices:manage", screen: Devices },
  { value: "branches", needs: "users:manage", screen: Branches },
  { value: "catalogue", needs: "inventory:adjust", screen: Catalogue },
  { value: "exam", needs: "fields:manage", screen: ExamForms },
  { value: "integrations", needs: "tokens:manage", screen: Integrations },
  { value: "files", needs: "roles:manage", screen: FileRoom },
  { value: "limits", needs: "fields:manage", screen: Limits },
] as const;

export default function Office() {
  const t = useT("access");
  const { may, practice } = useSession();
  const shown = tabs.filter(({ needs }) => may(needs));
  const [tab, setTab] = useState<string>(shown[0]?.value ?? "people");
  const Screen = shown.find(({ value }) => value === tab)?.screen;
  return (
    <Work
      head={
        <>
          <PageHead title={t("title")} meta={practice?.name}>
            {may("patients:merge") ? (
              <Button variant="quiet" icon={FolderInput} onClick={() => go("/patients/import")}>
                {t("moveIn")}
              </Button>
            ) : null}
          </PageHead>
          <Tabs
            label={t("title")}
            value={tab}
            onChange={setTab}
            options={shown.map(({ value }) => ({ value, label: t(`tabs.${value}`) }))}
          />
        </>
      }
    >
      {Screen ? <Screen /> : null}
    </Work>
  );
}
