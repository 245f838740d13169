import type { ProcessingResult } from "@/api/generated";
import { Chip } from "@/components/bits";
import { cn } from "@/lib/cn";
import { count } from "@/lib/format";
import { tableWord } from "@/lib/vocabulary";
import { countStates, STATE_ORDER } from "./progress";
import { squareFill } from "./Waffle";

/** How many tables are in which state; each is a filter of the list below. */
export function StateChips({
  results,
  state,
  onState,
}: {
  results: readonly ProcessingResult[];
  state: string | undefined;
  onState: (state: string | undefined) => void;
}) {
  const counts = countStates(results);
  return STATE_ORDER.filter((each) => counts.has(each)).map((each) => (
    <Chip
      key={each}
      pressed={state === each}
      onPress={() => onState(state === each ? undefined : each)}
      count={count(counts.get(each))}
    >
      <span aria-hidden className={cn("size-2.5 rounded-[3px]", squareFill(each))} />
      {tableWord(each).word}
    </Chip>
  ));
}
