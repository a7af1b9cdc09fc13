// Something that is done once, however often it is clicked: a click while it runs does nothing. (A mutation alone says
// that it is pending a moment too late for a double click.)
//   const removal = useDeed(() => deleteOne(kind, id), close);  removal.run()  removal.isPending  removal.error
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";

export function useDeed<Result, Given = void>(
  deed: (given: Given) => Promise<Result>,
  done?: (result: Result, given: Given) => unknown,
) {
  const busy = useRef(false);
  const mutation = useMutation({
    mutationFn: deed,
    onSuccess: (result, given) => void done?.(result, given),
    onSettled: () => {
      busy.current = false;
    },
  });
  const run = (given: Given) => {
    if (busy.current) return;
    busy.current = true;
    mutation.mutate(given);
  };
  return { ...mutation, run };
}
