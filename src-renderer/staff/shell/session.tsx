import { createContext, type ReactNode, useContext } from "react";
import type { Output } from "../../api/index.ts";
import { PlaceContext } from "../../ui/index.ts";

type Current = Output<"session.current">;
export type SignedIn = Current & {
  person: NonNullable<Current["person"]>;
  branch: NonNullable<Current["branch"]>;
  device: NonNullable<Current["device"]>;
};

interface SessionValue extends SignedIn {
  may(permission: string): boolean;
}
const SessionContext = createContext<SessionValue | null>(null);

export function SessionProvider({ session, children }: { session: SignedIn; children: ReactNode }) {
  const value: SessionValue = { ...session, may: (permission) => permission in session.permissions };
  return (
    <SessionContext.Provider value={value}>
      <PlaceContext.Provider
        value={{ currency: session.practice?.currency ?? "GBP", timeZone: session.branch.timeZone }}
      >
        {children}
      </PlaceContext.Provider>
    </SessionContext.Provider>
  );
}
/** Who is signed in here; only inside the signed-in frame. */
export function useSession(): SessionValue {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside the signed-in frame");
  return session;
}
