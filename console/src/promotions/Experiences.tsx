// All experiences: what they are called, whether chats can record for them, and how to make another one.
import { Button, Checkbox, Table } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useExperiences, useMe } from "../api/queries";
import type { Experience } from "../api/types";
import { Create } from "../experiences/Create";
import { Page } from "../frame/Page";
import { Tag } from "../lists/values";
import { ErrorState } from "../parts/ErrorState";
import { Plus } from "../parts/icons";
import { Loading } from "../parts/Loading";
import { t } from "../words";
import "../experiences/editor.css";

export default function Experiences() {
  const me = useMe();
  const found = useExperiences();
  const [creating, setCreating] = useState(false);
  const [all, setAll] = useState(false);
  const create = me.may("experiences") && (
    <Button size="xs" leftSection={<Plus size={15} />} onClick={() => setCreating(true)}>
      {t("experiences.new")}
    </Button>
  );
  return (
    <Page title={t("nav.experiences")} promise={t("experiences.about")} actions={create}>
      {found.error && !found.data ? <ErrorState error={found.error} retry={found.refetch} /> : null}
      {found.isPending && <Loading />}
      {found.data && <List items={found.data} all={all} onAll={setAll} />}
      {creating && <Create onClose={() => setCreating(false)} />}
    </Page>
  );
}

function List({ items, all, onAll }: { items: Experience[]; all: boolean; onAll: (all: boolean) => void }) {
  const shown = items.filter((one) => all || !one.archived);
  if (items.length === 0) return <p className="empty">{t("experiences.empty")}</p>;
  return (
    <>
      {items.some((one) => one.archived) && (
        <Checkbox
          size="xs"
          mb="sm"
          label={t("experiences.show_archived")}
          checked={all}
          onChange={(event) => onAll(event.currentTarget.checked)}
        />
      )}
      {shown.length === 0 ? (
        <p className="empty">{t("experiences.none_left_open")}</p>
      ) : (
        <Table className="experiences few" verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("experiences.title")}</Table.Th>
              <Table.Th>{t("experiences.id")}</Table.Th>
              <Table.Th>{t("experiences.state")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((one) => (
              <Line key={one.id} one={one} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}

function Line({ one }: { one: Experience }) {
  return (
    <Table.Tr data-experience={one.id}>
      <Table.Td>
        <Link to={`/experiences/${one.id}`} className="experience-name">
          <bdi>{one.title}</bdi>
        </Link>
      </Table.Td>
      <Table.Td>
        <code className="mono">{one.id}</code>
      </Table.Td>
      <Table.Td>
        <Tag tone={one.closed ? "calm" : "good"}>{t(one.closed ? "experiences.closed" : "experiences.open")}</Tag>{" "}
        {one.archived && <Tag tone="calm">{t("experiences.archived")}</Tag>}
      </Table.Td>
    </Table.Tr>
  );
}
