// A part of a page under its own heading.
import { Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import "./people.css";

interface Props {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  tone?: "bad";
  children: ReactNode;
}

export function Section({ title, lead, actions, tone, children }: Props) {
  const id = useId();
  return (
    <section className="sheet" aria-labelledby={id} data-tone={tone}>
      <div className="sheet-head">
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        {actions && <div className="sheet-actions">{actions}</div>}
      </div>
      {lead && <p className="sheet-lead">{lead}</p>}
      {children}
    </section>
  );
}
