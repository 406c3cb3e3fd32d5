/** What the visits before found, for drawings and charts beside the record. */
import { createContext, useContext } from "react";
import type { Detail } from "./opened.ts";

type Visits = Pick<Detail, "last" | "series">;
const VisitsContext = createContext<Visits | null>(null);
export const VisitsProvider = VisitsContext.Provider;
export function useVisits(): Visits {
  const visits = useContext(VisitsContext);
  if (!visits) throw new Error("outside an open exam");
  return visits;
}
