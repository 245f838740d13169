import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { caps, type Shortcut, singleKeys, useShortcut, useShortcuts } from "@/lib/shortcuts";

const pressed: string[] = [];
beforeEach(() => pressed.splice(0));

function Keyed({ keys, says = keys, off }: { keys: string; says?: string; off?: boolean }) {
  const shortcut: Shortcut = { keys, group: "Test", does: says, act: () => pressed.push(says) };
  useShortcut(off === undefined ? shortcut : { ...shortcut, off });
  return null;
}

function Sheet() {
  const shortcuts = useShortcuts();
  return <output>{shortcuts.map(({ keys, does }) => `${keys}=${does}`).join(" ")}</output>;
}

test("a key does what was registered for it, and nothing once that is gone", async () => {
  const user = userEvent.setup();
  const { rerender } = render(<Keyed keys="j" />);
  await user.keyboard("j");
  rerender(<p>gone</p>);
  await user.keyboard("j");
  expect(pressed).toEqual(["j"]);
});

test("nothing fires while somebody types or a dialog is open; Ctrl and Cmd do", async () => {
  const user = userEvent.setup();
  const { rerender } = render(
    <>
      <Keyed keys="j" />
      <Keyed keys="mod+k" />
      <input aria-label="field" />
    </>,
  );
  await user.click(screen.getByLabelText("field"));
  await user.keyboard("j{Control>}k{/Control}{Meta>}k{/Meta}");
  expect(pressed).toEqual(["mod+k", "mod+k"]);
  rerender(
    <>
      <Keyed keys="j" />
      <div role="dialog" data-state="open" />
    </>,
  );
  await user.keyboard("j");
  expect(pressed).toEqual(["mod+k", "mod+k"]);
});

test("two keys after each other, the first alone does nothing", async () => {
  const user = userEvent.setup();
  render(
    <>
      <Keyed keys="g t" />
      <Keyed keys="t" />
    </>,
  );
  await user.keyboard("gtt");
  expect(pressed).toEqual(["g t", "t"]);
});

test("the second key is waited for, not for ever", () => {
  render(<Keyed keys="g t" />);
  const press = (key: string, at: number) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true });
    Object.defineProperty(event, "timeStamp", { value: at });
    fireEvent(document.body, event);
  };
  press("g", 0);
  press("t", 5000);
  expect(pressed).toEqual([]);
});

test("a page takes a key of the shell and gives it back", async () => {
  const user = userEvent.setup();
  const Page = ({ shown }: { shown: boolean }) => (
    <>
      <Keyed keys="/" says="shell" />
      {shown && <Keyed keys="/" says="page" />}
    </>
  );
  const { rerender } = render(<Page shown />);
  await user.keyboard("/");
  rerender(<Page shown={false} />);
  await user.keyboard("/");
  expect(pressed).toEqual(["page", "shell"]);
});

test("Enter belongs to the link or button that has the focus", async () => {
  const user = userEvent.setup();
  render(
    <>
      <Keyed keys="Enter" />
      <button type="button" onClick={() => pressed.push("button")}>
        go
      </button>
    </>,
  );
  await user.keyboard("{Enter}");
  await user.tab();
  await user.keyboard("{Enter}");
  expect(pressed).toEqual(["Enter", "button"]);
});

test("what is registered is listed, what is off is not", () => {
  render(
    <>
      <Keyed keys="j" says="Next" />
      <Keyed keys="x" says="Select" off />
      <Sheet />
    </>,
  );
  expect(screen.getByRole("status")).toHaveTextContent("j=Next");
  expect(screen.getByRole("status")).not.toHaveTextContent("Select");
});

test("single keys can be turned off", async () => {
  const user = userEvent.setup();
  render(
    <>
      <Keyed keys="j" />
      <Keyed keys="mod+k" />
    </>,
  );
  singleKeys.set(false);
  await user.keyboard("j{Control>}k{/Control}");
  singleKeys.set(true);
  expect(pressed).toEqual(["mod+k"]);
});

test("keys are shown as caps", () => {
  expect(caps("g t")).toEqual(["g", "t"]);
  expect(caps("mod+k")).toEqual(["Ctrl", "K"]);
});
