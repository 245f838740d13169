import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "@/App";

/** The whole page at an address, as a reader has it. */
export function visit(path: string) {
  const history = createMemoryHistory({ initialEntries: [path] });
  const view = render(<App history={history} />);
  return { ...view, history, user: userEvent.setup() };
}
