// Runs a state machine with stubbed tasks. Standard input: {definition, input, context, results}, where results has, for
// each state's name, what its task returned or raised each time: {output} or {error, cause}. Standard output: the states
// in the order in which they were entered, what each task was given, and how the execution ended.
import { StateMachine } from "aws-local-stepfunctions";
import { readFileSync } from "node:fs";

// The engine is made for Node 22, of which it needs just this.
Promise.withResolvers ??= function () {
  const deferred = {};
  deferred.promise = new this((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
};

const { definition, input, context, results } = JSON.parse(readFileSync(0, "utf8"));
const given = {};

const stub = (name) => (payload) => {
  given[name] = [...(given[name] ?? []), payload];
  const result = results[name].shift();
  if (result === undefined) throw new Error(`no result is recorded for ${name}`);
  if ("output" in result) return result.output;
  const error = new Error(result.cause);
  error.name = result.error;
  throw error;
};

const handlers = Object.fromEntries(Object.keys(results).map((name) => [name, stub(name)]));
delete definition.TimeoutSeconds; // longer than timers can wait
const machine = new StateMachine(definition, { validationOptions: { checkPaths: true, checkArn: false } });
const execution = machine.run(input, { context, overrides: { taskResourceLocalHandlers: handlers } });
const path = [];
const listening = (async () => {
  for await (const event of execution.eventLogs) if (event.type.endsWith("StateEntered")) path.push(event.state.name);
})();
const end = await execution.result.then(
  (output) => ({ status: "SUCCEEDED", output }),
  (error) => ({ status: "FAILED", error: error.name, cause: error.message }),
);
await listening;
process.stdout.write(JSON.stringify({ path, given, end }));
