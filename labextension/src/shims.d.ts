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
    activateById(id: string): void;
  }
  export interface JupyterFrontEnd {
    readonly shell: JupyterFrontEndShell;
    readonly commands: {
      addCommand(id: string, options: { label: string; execute: () => void; isEnabled: () => boolean }): void;
      notifyCommandChanged(id: string): void;
    };
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

declare module '@jupyterlab/apputils' {
  import type { Token } from '@lumino/coreutils';

  export interface ICommandPalette {
    addItem(options: { command: string; category: string }): void;
  }
  export const ICommandPalette: Token<ICommandPalette>;
}

declare module '@jupyterlab/statusbar' {
  import type { Token } from '@lumino/coreutils';
  import type { ISignal } from '@lumino/signaling';
  import type { Widget } from '@lumino/widgets';

  export interface IStatusBar {
    registerStatusItem(
      id: string,
      options: {
        item: Widget;
        align: 'left' | 'right';
        rank: number;
        isActive: () => boolean;
        activeStateChanged: ISignal<Widget, void>;
      }
    ): void;
  }
  export const IStatusBar: Token<IStatusBar>;
}

declare module '@jupyterlab/settingregistry' {
  import type { Token } from '@lumino/coreutils';
  import type { ISignal } from '@lumino/signaling';

  export interface ISettings {
    get(key: string): { readonly composite: unknown };
    readonly changed: ISignal<ISettings, void>;
  }
  export interface ISettingRegistry {
    load(plugin: string): Promise<ISettings>;
  }
  export const ISettingRegistry: Token<ISettingRegistry>;
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

  /** What a kernel sends; the fields of `content` depend on the type. */
  export interface IMessage {
    readonly header: { readonly msg_type: string };
    readonly content: {
      readonly name?: string;
      readonly text?: string;
      readonly data?: { readonly [mime: string]: unknown };
      readonly metadata?: { readonly [key: string]: unknown };
    };
  }
  export interface IFuture {
    onIOPub: (message: IMessage) => void;
    /** Rejects when the kernel ends first. */
    readonly done: Promise<{ readonly content: { readonly status: string; readonly evalue?: string } }>;
  }
  export interface IKernel {
    readonly id: string;
    readonly status: string;
    requestExecute(content: {
      code: string;
      store_history: boolean;
      stop_on_error: boolean;
      allow_stdin: boolean;
    }): IFuture;
  }
  export interface ISessionContext {
    /** Null while no kernel runs. */
    readonly session: { readonly kernel: IKernel | null } | null;
    readonly kernelChanged: ISignal<ISessionContext, object>;
    /** The kernel's status: `idle`, `busy`, `starting`, `restarting`, `dead`, and others. */
    readonly statusChanged: ISignal<ISessionContext, string>;
  }
  export interface NotebookPanel {
    readonly context: { readonly path: string };
    readonly sessionContext: ISessionContext;
    readonly content: {
      readonly widgets: readonly { readonly model: { readonly id: string } }[];
      activeCellIndex: number;
      activate(): void;
      scrollToItem(index: number, align: 'center'): Promise<void>;
    };
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
