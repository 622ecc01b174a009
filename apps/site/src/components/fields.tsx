// The controls: native elements with labels, and a number field beside every slider.

import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";

/** A slider and a number field for the same value. */
export function SliderField(props: {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  onChange(value: number): void;
}): VNode {
  const id = useId();
  const { label, value, min, max, step, onChange } = props;
  const take = (text: string): void => {
    const next = Number(text);
    if (text !== "" && Number.isFinite(next)) onChange(Math.min(max, Math.max(min, next)));
  };
  return (
    <div class="field slider">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        onInput={(event) => take(event.currentTarget.value)}
      />
      <input
        type="number"
        aria-label={`${label}, exact`}
        min={min}
        max={max}
        step={step === 1 ? 1 : "any"}
        value={value}
        onChange={(event) => take(event.currentTarget.value)}
      />
    </div>
  );
}

/** A field for a number. */
export function NumberField(props: {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  onChange(value: number): void;
}): VNode {
  const id = useId();
  const { label, value, min, max, whole, onChange } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        min={min}
        max={max}
        step={whole ? 1 : "any"}
        value={value}
        onChange={(event) => {
          const next = Number(event.currentTarget.value);
          if (event.currentTarget.value === "" || !Number.isFinite(next)) event.currentTarget.value = String(value);
          else onChange(Math.min(max, Math.max(min, whole ? Math.round(next) : next)));
        }}
      />
    </div>
  );
}

/** A list to choose from; includes the current value even if the list lacks it. */
export function SelectField<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly T[];
  /** Whether to hide the label, if the context explains the field. */
  readonly hideLabel?: boolean;
  onChange(value: T): void;
}): VNode {
  const id = useId();
  const { label, value, options, hideLabel, onChange } = props;
  const all = options.includes(value) ? options : [...options, value];
  return (
    <div class="field">
      <label for={id} class={hideLabel ? "visually-hidden" : ""}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {all.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A text field; `read` returns null for invalid text, and the field then shows an error. */
export function TextField<T>(props: {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly suggestions?: readonly string[];
  read(text: string): T | null;
  onChange(value: T): void;
}): VNode {
  const id = useId();
  const { label, value, hint, suggestions, read, onChange } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        value={value}
        autocomplete="off"
        spellcheck={false}
        {...(suggestions ? { list: `${id}-list` } : {})}
        {...(hint ? { "aria-describedby": `${id}-hint` } : {})}
        onChange={(event) => {
          const input = event.currentTarget;
          const next = read(input.value.trim());
          input.setCustomValidity(next === null ? (hint ?? "not understood") : "");
          if (next === null) input.reportValidity();
          else onChange(next);
        }}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
      {hint && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
    </div>
  );
}

/** The controls of a view, in a column beside its figures. */
export function Controls({ label, children }: { readonly label: string; readonly children: ComponentChildren }): VNode {
  return (
    <section class="controls" aria-label={label}>
      {children}
    </section>
  );
}
