// One uploaded file: nothing of it is fetched before somebody asks, since each opening is noted. The address is made
// on that click and lives for minutes; when it is over, another click makes a new one.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { reason } from "../../parts/ErrorState";
import { Download, Eye, Play } from "../../parts/icons";
import { t } from "../../words";

interface Props {
  id: string;
  name: string;
  type: string | undefined;
}

interface Link {
  url: string;
  inline: boolean;
}

export function FileView({ id, name, type }: Props) {
  const opening = useMutation({
    mutationFn: (): Promise<Link> => answer(api.GET("/v1/files/{id}", { params: { path: { id } } })),
    onSuccess: ({ url, inline }) => {
      if (!inline || !isShown(type)) location.assign(url); // an attachment: the page stays
    },
  });
  const { data, error } = opening;
  if (data?.inline && isShown(type)) return <Shown link={data} name={name} type={type} onOver={opening.reset} />;
  const [Icon, word] = look(type);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon size={15} />}
        loading={opening.isPending}
        onClick={() => opening.mutate()}
        aria-label={`${t(word)}: ${name}`}
      >
        {t(word)}
      </Button>
      {error && (
        <p className="failure" role="alert">
          {reason(error)}
        </p>
      )}
    </>
  );
}

function Shown({
  link,
  name,
  type,
  onOver,
}: {
  link: Link;
  name: string;
  type: string | undefined;
  onOver: () => void;
}) {
  return (
    <div className="file-shown">
      {type?.startsWith("audio/") ? (
        // biome-ignore lint/a11y/useMediaCaption: guests record their voice, nobody wrote it down
        <audio src={link.url} controls autoPlay aria-label={name} onError={onOver} />
      ) : (
        <img src={link.url} alt={name} onError={onOver} />
      )}
      <Button component="a" href={link.url} target="_blank" rel="noreferrer" size="compact-xs" variant="subtle">
        {t("customer.file_open")}
      </Button>
    </div>
  );
}

function isShown(type: string | undefined): boolean {
  return /^(audio|image)\//.test(type ?? "");
}

function look(type: string | undefined) {
  if (type?.startsWith("audio/")) return [Play, "customer.file_play"] as const;
  if (type?.startsWith("image/")) return [Eye, "customer.file_show"] as const;
  return [Download, "customer.file_download"] as const;
}
