import { join } from 'node:path';
import { productPackage } from '../peers.mjs';

/** The database of a home, for who looks on: each statement is compiled once. */
export class HomeDatabase {
  #connection;
  #statements = new Map();

  static async of(home) {
    const { default: Database } = await productPackage('libsql');
    return new HomeDatabase(new Database(join(home, 'quickscrape.db')));
  }

  constructor(connection) {
    this.#connection = connection;
    connection.exec('PRAGMA busy_timeout = 5000');
  }

  all(sql, params = []) {
    if (!this.#statements.has(sql)) this.#statements.set(sql, this.#connection.prepare(sql));
    return this.#statements.get(sql).all(params);
  }

  /** Every occurrence before `at` counts as decided. */
  decidedUntil(at) {
    this.#connection.prepare('UPDATE job_state SET watermark = ?').run([at - 1]);
  }

  /** As if none of its jobs had ever been due; no scheduler may run. */
  forgetRuns() {
    this.#connection.exec('DELETE FROM attempts');
    this.#connection.exec('DELETE FROM runs');
    this.#connection.exec("UPDATE job_state SET status = 'pending', last_run = NULL, last_run_id = NULL");
  }

  newestRow() {
    return this.all('SELECT max(rowid) AS newest FROM runs')[0].newest ?? 0;
  }

  close() {
    this.#connection.close();
  }
}
