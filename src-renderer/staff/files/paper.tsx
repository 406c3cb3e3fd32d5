/** A PDF, in the browser's own viewer: it has no way to this page, and its scripts none to anything. */
import { useT } from "../../ui/index.ts";
import { type FileItem, useDocument } from "./images.ts";
import { Waiting } from "./stage.tsx";

export function Paper({ item, hasLine }: { item: FileItem; hasLine: boolean }) {
  const t = useT("files");
  const { url, broken } = useDocument(item);
  return (
    <div className="stage is-paper">
      {url ? (
        <iframe src={`${url}#navpanes=0&view=FitH`} title={t("viewer.paper", { name: item.name })} />
      ) : (
        <Waiting item={item} hasLine={hasLine} broken={broken} />
      )}
    </div>
  );
}
