/** Where this window stands: currency and time zone of the branch, for everything that prints money or times. */
import { createContext, useContext } from "react";

export interface Place {
  readonly currency: string;
  readonly timeZone: string;
}
export const PlaceContext = createContext<Place>({ currency: "GBP", timeZone: "Europe/London" });
export const usePlace = (): Place => useContext(PlaceContext);
