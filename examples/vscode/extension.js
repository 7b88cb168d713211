// A view of the scraping jobs, live, with a button that runs one.
const vscode = require('vscode');
const { connect } = require('./client.js');

let client;

async function activate(context) {
  const changed = new vscode.EventEmitter();
  const command = vscode.workspace.getConfiguration('quickscrape').get('command', ['quickscrape']);
  client = connect(command, (kind) => {
    // Progress changes nothing that the view shows.
    if (kind === 'job_changed' || kind === 'run_changed') changed.fire();
  });
  context.subscriptions.push(
    vscode.window.registerTreeDataProvider('quickscrape.jobs', {
      onDidChangeTreeData: changed.event,
      getChildren: async () => (await client.call('list_jobs')).jobs,
      getTreeItem: toItem,
    }),
    vscode.commands.registerCommand('quickscrape.runJob', runJob),
  );
  await client.call('subscribe');
  // Show what changed before the subscription.
  changed.fire();
}

function toItem(job) {
  const item = new vscode.TreeItem(job.job_id, vscode.TreeItemCollapsibleState.None);
  item.description = [job.status, job.next_run && `next ${job.next_run}`].filter(Boolean).join(' · ');
  return item;
}

async function runJob(job) {
  try {
    const { run } = await client.call('run_job', { job_id: job.job_id, wait_seconds: 50 });
    const text = `${job.job_id}: ${run.status}, ${run.items} items`;
    if (run.error) vscode.window.showErrorMessage(`${text}. ${run.error.message}`);
    else vscode.window.showInformationMessage(text);
  } catch (error) {
    vscode.window.showErrorMessage([error.message, error.data?.hint].filter(Boolean).join(' '));
  }
}

/** VS Code waits for what this returns. */
function deactivate() {
  return client?.close();
}

module.exports = { activate, deactivate };
