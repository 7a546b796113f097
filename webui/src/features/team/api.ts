import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type {
  AuditEntry,
  GroupStanding,
  InvitationInfo,
  Member,
  MessageView,
  NewInvitation,
  NewTask,
  Reassigned,
  TaskInfo,
  TaskPatch,
  TaskProgress,
} from "@/api/schema";
import type { ProjectRole } from "@/shared/project/roles";

const ENTRIES = 50;

export function membersQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "members"],
    queryFn: async ({ signal }): Promise<readonly Member[]> => {
      const params = { path: { slug } };
      return (await body(api.GET("/api/v1/projects/{slug}/members", { params, signal }))).items;
    },
  });
}

export function putMember(slug: string, username: string, role: ProjectRole): Promise<Member> {
  return body(
    api.PUT("/api/v1/projects/{slug}/members/{username}", {
      params: { path: { slug, username } },
      body: { role },
    }),
  );
}

export function removeMember(slug: string, username: string): Promise<unknown> {
  return body(
    api.DELETE("/api/v1/projects/{slug}/members/{username}", {
      params: { path: { slug, username } },
    }),
  );
}

export function groupsQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "groups"],
    queryFn: async ({ signal }): Promise<readonly GroupStanding[]> => {
      const params = { path: { slug } };
      return (await body(api.GET("/api/v1/projects/{slug}/groups", { params, signal }))).items;
    },
  });
}

export function putGroup(slug: string, group: string, role: ProjectRole): Promise<GroupStanding> {
  return body(
    api.PUT("/api/v1/projects/{slug}/groups/{group}", {
      params: { path: { slug, group } },
      body: { role },
    }),
  );
}

export function removeGroup(slug: string, group: string): Promise<unknown> {
  return body(
    api.DELETE("/api/v1/projects/{slug}/groups/{group}", { params: { path: { slug, group } } }),
  );
}

export function invitationsQuery(slug: string) {
  return queryOptions({
    queryKey: ["project", slug, "invitations"],
    queryFn: async ({ signal }): Promise<readonly InvitationInfo[]> => {
      const params = { path: { slug } };
      return (await body(api.GET("/api/v1/projects/{slug}/invitations", { params, signal }))).items;
    },
  });
}

export function invite(slug: string, invitation: NewInvitation): Promise<InvitationInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/invitations", {
      params: { path: { slug } },
      body: invitation,
    }),
  );
}

export function revoke(slug: string, invitation: string): Promise<unknown> {
  return body(
    api.DELETE("/api/v1/projects/{slug}/invitations/{invitation}", {
      params: { path: { slug, invitation } },
    }),
  );
}

export function tasksQuery(slug: string, scheme: string) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "tasks"],
    queryFn: async ({ signal }): Promise<readonly TaskInfo[]> => {
      const params = { path: { slug, scheme } };
      const asked = api.GET("/api/v1/projects/{slug}/schemes/{scheme}/tasks", { params, signal });
      return (await body(asked)).items;
    },
  });
}

export function progressQuery(slug: string, scheme: string, task: string) {
  return queryOptions({
    queryKey: ["project", slug, "scheme", scheme, "tasks", task],
    queryFn: ({ signal }): Promise<TaskProgress> =>
      body(
        api.GET("/api/v1/projects/{slug}/schemes/{scheme}/tasks/{task}/progress", {
          params: { path: { slug, scheme, task } },
          signal,
        }),
      ),
  });
}

export function createTask(slug: string, scheme: string, task: NewTask): Promise<TaskInfo> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/tasks", {
      params: { path: { slug, scheme } },
      body: task,
    }),
  );
}

export function changeTask(
  slug: string,
  scheme: string,
  task: string,
  patch: TaskPatch,
): Promise<TaskInfo> {
  return body(
    api.PATCH("/api/v1/projects/{slug}/schemes/{scheme}/tasks/{task}", {
      params: { path: { slug, scheme, task } },
      body: patch,
    }),
  );
}

export function deleteTask(slug: string, scheme: string, task: string): Promise<unknown> {
  return body(
    api.DELETE("/api/v1/projects/{slug}/schemes/{scheme}/tasks/{task}", {
      params: { path: { slug, scheme, task } },
    }),
  );
}

/** Give what somebody has not coded to others; to nobody named, to the others of the task. */
export function reassign(
  slug: string,
  scheme: string,
  task: string,
  username: string,
  to: readonly string[],
): Promise<Reassigned> {
  return body(
    api.POST("/api/v1/projects/{slug}/schemes/{scheme}/tasks/{task}/reassign", {
      params: { path: { slug, scheme, task } },
      body: { username, to: [...to] },
    }),
  );
}

export const messagesQuery = queryOptions({
  queryKey: ["project", "messages"],
  queryFn: async ({ signal }): Promise<readonly MessageView[]> =>
    (await body(api.GET("/api/v1/messages", { params: { query: { limit: 100 } }, signal }))).items,
});

export function sendMessage(slug: string, text: string): Promise<MessageView> {
  return body(
    api.POST("/api/v1/projects/{slug}/messages", { params: { path: { slug } }, body: { text } }),
  );
}

export function deleteMessage(slug: string, id: number): Promise<unknown> {
  return body(
    api.DELETE("/api/v1/projects/{slug}/messages/{number}", {
      params: { path: { slug, number: String(id) } },
    }),
  );
}

export function readMessage(id: number): Promise<unknown> {
  return body(
    api.POST("/api/v1/messages/{number}/read", { params: { path: { number: String(id) } } }),
  );
}

export interface AuditWish {
  readonly user: string;
  readonly operation: string;
}

function auditQueryOf({ user, operation }: AuditWish) {
  return { ...(user === "" ? {} : { user }), ...(operation === "" ? {} : { operation }) };
}

export function auditQuery(slug: string, wish: AuditWish) {
  return infiniteQueryOptions({
    queryKey: ["project", slug, "audit", wish],
    initialPageParam: null as string | null,
    getNextPageParam: (page: { cursor?: string | null }) => page.cursor ?? null,
    queryFn: ({ pageParam, signal }): Promise<{ items: AuditEntry[]; cursor?: string | null }> =>
      body(
        api.GET("/api/v1/projects/{slug}/audit", {
          params: {
            path: { slug },
            query: {
              ...auditQueryOf(wish),
              limit: ENTRIES,
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
}

/** The audit log as a file, for a spreadsheet. */
export function auditFile(slug: string, wish: AuditWish): Promise<Blob> {
  return body(
    api.GET("/api/v1/projects/{slug}/audit/export", {
      params: { path: { slug }, query: { ...auditQueryOf(wish), format: "csv" } },
      parseAs: "blob",
    }),
  ) as Promise<Blob>;
}
