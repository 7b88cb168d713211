import { onTestFinished } from 'vitest';
import { callOperation, type OperationInput } from '../../../../src/core/operations/call-operation.ts';
import type { OperationName } from '../../../../src/core/operations/operations.ts';
import { openWorkspace, type Workspace } from '../../../../src/core/workspace.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { ConfigReader } from '../../../../src/tui/features/config-editor/watch-configs.ts';
import type { Form } from '../../../../src/tui/features/job-form/model.ts';
import { panelContent } from '../../../../src/tui/features/job-form/panel-lines.ts';
import type { AnswerEvent, CallEffect } from '../../../../src/tui/kernel/call.ts';
import { toFailure } from '../../../../src/tui/kernel/call.ts';
import type { Effect, Event, State } from '../../../../src/tui/kernel/model.ts';
import { currentView } from '../../../../src/tui/kernel/step.ts';
import { HomeReader } from '../../../../src/tui/runtime/home/home-reader.ts';
import { homeWithJobs } from '../../home-with-jobs.ts';
import { rowText } from '../../row-text.ts';
import { press, someState } from '../../some-state.ts';

/** The dashboard's reducer with a real home behind it: calls are carried out when the test says so. */
export class FormDriver {
  state: State;
  readonly workspace: Workspace;
  /** What was asked for and is no call. */
  readonly others: Effect[] = [];
  #calls: CallEffect[] = [];

  private constructor(workspace: Workspace, fields: Partial<State>) {
    this.workspace = workspace;
    this.state = someState({ paths: workspace.paths, ...fields });
  }

  /** On the list of a home with so many jobs, `job-0000` and on. */
  static async open(
    jobs: number,
    fields: (index: number) => Record<string, unknown> = () => ({}),
    state: Partial<State> = {},
  ): Promise<FormDriver> {
    const home = await homeWithJobs(jobs, fields);
    const workspace = openWorkspace({ home, actor: 'tui' });
    onTestFinished(() => workspace.close());
    const driver = new FormDriver(workspace, state);
    driver.look();
    return driver;
  }

  get form(): Form {
    const { open } = this.state.form;
    if (open === undefined) throw new Error('no form is open');
    return open;
  }

  get view(): string {
    return currentView(this.state).name;
  }

  get panel(): string | undefined {
    return this.state.dialog?.kind === 'form' ? this.state.dialog.panel.is : this.state.dialog?.kind;
  }

  /** What the panel over the form says. */
  get panelText(): string {
    const { dialog } = this.state;
    if (dialog?.kind !== 'form') throw new Error('no panel is open');
    const { lines } = panelContent(this.state, dialog.panel, 100);
    return lines.map((row) => rowText(row)).join('\n');
  }

  get calls(): readonly CallEffect[] {
    return this.#calls;
  }

  get lastNotice(): string | undefined {
    return this.state.notices.at(-1)?.text;
  }

  press(...keys: string[]): this {
    const { state, effects } = press(this.state, ...keys);
    this.#took(state, effects);
    return this;
  }

  /** Types a text, a key a character. */
  type(text: string): this {
    return this.press(...text);
  }

  /** Goes to a field, as Tab and Shift-Tab would. */
  goTo(path: Form['focus']): this {
    for (let presses = 0; this.form.focus !== path; presses += 1) {
      if (presses > 100) throw new Error(`${path} cannot be reached`);
      this.press(presses === 0 ? 'ctrl+home' : 'tab');
    }
    return this;
  }

  /** Puts a text into a field in place of what is there. */
  fill(path: Exclude<Form['focus'], 'more'>, text: string): this {
    return this.goTo(path).press('ctrl+e', 'ctrl+u').type(text);
  }

  send(event: Event): this {
    const { state, effects } = reduce(this.state, event);
    this.#took(state, effects);
    return this;
  }

  /** Tells the dashboard what the home is like now. */
  look(): this {
    const { data } = new HomeReader(this.workspace).readAll();
    this.send({ kind: 'home', data, changed: [], activity: [] });
    return this.collectConfigs();
  }

  /** Tells it what configurations there are, as it is told while a form is open. */
  collectConfigs(): this {
    return this.send({ kind: 'configs', rows: new ConfigReader(this.workspace).read() });
  }

  /** Carries out the calls that wait, and those that their answers lead to. */
  async settle(): Promise<this> {
    this.collectConfigs();
    for (let call = this.#calls.shift(); call !== undefined; call = this.#calls.shift())
      this.send(await answerTo(this.workspace, call));
    return this;
  }

  /** Somebody else, as an agent, does something. */
  async elsewhere<N extends OperationName>(name: N, params: OperationInput<N>): Promise<this> {
    const workspace = openWorkspace({ home: this.workspace.paths.home, actor: 'mcp' });
    try {
      await callOperation(workspace, name, params);
    } finally {
      workspace.close();
    }
    return this;
  }

  /** The definition of a job as it is stored. */
  stored(id: string): Record<string, unknown> {
    const entry = this.workspace.jobs.get(id);
    if (entry?.kind !== 'valid') throw new Error(`${id} is not there`);
    return { ...entry.record.definition };
  }

  #took(state: State, effects: readonly Effect[]): void {
    this.state = state;
    for (const effect of effects) {
      if (effect.kind === 'call') this.#calls.push(effect);
      else this.others.push(effect);
    }
  }
}

async function answerTo(workspace: Workspace, { name, params, tag }: CallEffect): Promise<AnswerEvent> {
  try {
    const output = await callOperation(
      workspace,
      name as OperationName,
      params as OperationInput<OperationName>,
    );
    return { kind: 'answer', name, tag, ok: true, output } as AnswerEvent;
  } catch (error) {
    return { kind: 'answer', name, tag, ok: false, failure: toFailure(error) } as AnswerEvent;
  }
}
