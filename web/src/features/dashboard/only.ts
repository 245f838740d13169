import { useChosen } from "@/lib/chosen";

/** A list that is opened from the overview is of the same connection. */
export function useOnly(): { connection?: string[] } {
  const chosen = useChosen();
  return chosen ? { connection: [chosen] } : {};
}
