/**
 * The part of JupyterLab's API that this extension calls, as JupyterLab 4.2 to 4.6 provide it.
 * Lab brings the implementations at run time, so its packages need not be installed to build; each
 * name below is exercised by the browser test.
 */

declare module '@jupyterlab/application' {
  import type { Token } from '@lumino/coreutils';
  import type { Widget } from '@lumino/widgets';

  export interface JupyterFrontEndShell {
    add(widget: Widget, area: string, options?: { rank?: number }): void;
  }
  export interface JupyterFrontEnd {
    readonly shell: JupyterFrontEndShell;
  }
  /** `S` are the services that `activate` gets after the application: required, then optional. */
  export interface JupyterFrontEndPlugin<S extends readonly (object | null)[]> {
    id: string;
    description: string;
    autoStart: boolean;
    requires: Token<object>[];
    optional: Token<object>[];
    activate(app: JupyterFrontEnd, ...services: S): void;
  }
  export interface ILayoutRestorer {
    add(widget: Widget, name: string): void;
  }
  export const ILayoutRestorer: Token<ILayoutRestorer>;
}

declare module '@jupyterlab/coreutils' {
  export namespace URLExt {
    function join(...parts: string[]): string;
  }
}

declare module '@jupyterlab/services' {
  export namespace ServerConnection {
    interface ISettings {
      readonly baseUrl: string;
    }
    function makeSettings(): ISettings;
    function makeRequest(url: string, init: RequestInit, settings: ISettings): Promise<Response>;
  }
}

declare module '@jupyterlab/notebook' {
  import type { Token } from '@lumino/coreutils';
  import type { ISignal } from '@lumino/signaling';

  export interface ISessionContext {
    /** Null while no kernel runs. */
    readonly session: { readonly kernel: { readonly id: string } | null } | null;
    readonly kernelChanged: ISignal<ISessionContext, object>;
    /** The kernel's status: `idle`, `busy`, `starting`, `restarting`, `dead`, and others. */
    readonly statusChanged: ISignal<ISessionContext, string>;
  }
  export interface NotebookPanel {
    readonly context: { readonly path: string };
    readonly sessionContext: ISessionContext;
  }
  export interface INotebookTracker {
    readonly currentWidget: NotebookPanel | null;
    readonly currentChanged: ISignal<INotebookTracker, NotebookPanel | null>;
  }
  export const INotebookTracker: Token<INotebookTracker>;
}

declare module '@jupyterlab/translation' {
  import type { Token } from '@lumino/coreutils';

  export interface TranslationBundle {
    __(text: string, ...values: (string | number)[]): string;
    _n(one: string, many: string, n: number, ...values: (string | number)[]): string;
  }
  export interface ITranslator {
    load(domain: string): TranslationBundle;
  }
  export const ITranslator: Token<ITranslator>;
  export const nullTranslator: ITranslator;
}

declare module '@jupyterlab/ui-components' {
  import type { ReactElement } from 'react';
  import type { VirtualElement } from '@lumino/virtualdom';
  import type { Widget as LuminoWidget } from '@lumino/widgets';

  export class LabIcon implements VirtualElement.IRenderer {
    constructor(options: { name: string; svgstr: string });
    render(host: HTMLElement): void;
    unrender(host: HTMLElement): void;
  }
  export abstract class ReactWidget extends LuminoWidget {
    protected abstract render(): ReactElement;
    update(): void;
  }
}
