/** Asks the workstation behind a page as the page itself does, over its own line and as who is signed in there. */
import type { Page } from "@playwright/test";

interface Answer {
  readonly result?: { readonly data: unknown };
  readonly error?: { readonly message: string };
}

/** Runs a command of the staff app as the person at this page. */
export async function actAt<T = unknown>(page: Page, path: string, input: unknown): Promise<T> {
  const answer = await page.evaluate(
    ([procedure, given]) =>
      new Promise<Answer>((resolve, reject) => {
        const name = sessionStorage.getItem("horopter-connection");
        const socket = new WebSocket(`ws://${window.location.host}/trpc?connection=${name}`);
        socket.onopen = () =>
          socket.send(JSON.stringify({ id: 1, method: "mutation", params: { path: procedure, input: given } }));
        socket.onerror = () => reject(new Error("no line to the workstation"));
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(String(data)) as Answer & { id?: number };
          if (message.id !== 1) return;
          socket.close();
          resolve(message);
        };
      }),
    [path, input] as const,
  );
  if (answer.error) throw new Error(`${path}: ${answer.error.message}`);
  return answer.result?.data as T;
}
