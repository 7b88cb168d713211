import { randomBytes } from 'node:crypto';
import { html, type Markup } from '../html.ts';

/** The account that the site knows; any other name gets in with this password, too. */
export const READER = { username: 'reader', password: 'sandbox' };

export const SESSION_COOKIE = 'session';

interface Session {
  /** What the form must send back. */
  token: string;
  name?: string;
}

/** Who is signed in, by the value of the session cookie. */
export class Sessions {
  readonly #byId = new Map<string, Session>();

  /** The session of a Cookie header, or a new one, with its id. */
  open(cookies: string): { id: string; session: Session } {
    const id = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([\\w-]+)`).exec(cookies)?.[1];
    const known = id === undefined ? undefined : this.#byId.get(id);
    if (id !== undefined && known !== undefined) return { id, session: known };
    const made = { id: randomBytes(16).toString('base64url'), session: { token: newToken() } };
    this.#byId.set(made.id, made.session);
    return made;
  }

  /** Who is signed in; undefined when nobody is. Makes no session. */
  nameIn(cookies: string): string | undefined {
    const id = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([\\w-]+)`).exec(cookies)?.[1];
    return id === undefined ? undefined : this.#byId.get(id)?.name;
  }

  /**
   * Takes a form that was sent.
   * @returns what is wrong with it; undefined when its sender is signed in now
   */
  signIn(session: Session, form: URLSearchParams): 'token' | 'password' | undefined {
    if (form.get('csrf_token') !== session.token) return 'token';
    const name = form.get('username') ?? '';
    // Each form counts once.
    session.token = newToken();
    if (name === '' || form.get('password') !== READER.password) return 'password';
    session.name = name;
    return undefined;
  }

  signOut(session: Session): void {
    delete session.name;
  }
}

/** The form, with its token in a hidden field. */
export function signInForm(token: string, problem = ''): Markup {
  return html`<form id="login-form" action="/login" method="post" accept-charset="utf-8">
<input type="hidden" name="csrf_token" value="${token}">
${problem === '' ? html`` : html`<p class="error">${problem}</p>`}
<p><label for="username">Username</label> <input type="text" id="username" name="username"></p>
<p><label for="password">Password</label> <input type="password" id="password" name="password"></p>
<p><input type="submit" value="Login" class="btn"></p>
</form>`;
}

function newToken(): string {
  return randomBytes(24).toString('base64url');
}
