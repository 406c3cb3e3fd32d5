import { useRef, useState } from "react";

/**
 * What is half typed in a field; null while nothing is. The latest text is known at once, not with the next rendering:
 * Enter keeps and moves on, and moving on is a blur that would keep the same text again.
 */
export function useTyping(start: string | null) {
  const [draft, show] = useState(start);
  const latest = useRef(start);
  return {
    draft,
    latest,
    type(text: string | null) {
      latest.current = text;
      show(text);
    },
  };
}
