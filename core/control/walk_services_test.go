package control_test

import (
	"context"
	"time"

	"reeve/core/access"
	"reeve/core/action"
	"reeve/core/alert"
	"reeve/core/audit"
	"reeve/core/bootstrap"
	"reeve/core/control"
	"reeve/core/directory"
	"reeve/core/engine"
	"reeve/core/figure"
	"reeve/core/group"
	"reeve/core/keeper"
	"reeve/core/leaving"
	"reeve/core/member"
	"reeve/core/overview"
	"reeve/core/plan"
	"reeve/core/policy"
	"reeve/core/preference"
	"reeve/core/question"
	"reeve/core/region"
	"reeve/core/request"
	"reeve/core/role"
	"reeve/core/session"
	"reeve/core/source"
	"reeve/core/tenant"
	"reeve/core/tenantrole"
	"reeve/core/token"
	"reeve/core/use"
	"reeve/core/workspace"
)

// services are all services on the gate. Their stores can find targets and nothing else.
func services(gate *control.Gate) map[string]any {
	return map[string]any{
		"workspace": workspace.New(gate, workspaceStore{}, oneRegion{}, workspace.Near{}),
		"member":    member.New(gate, memberStore{}),
		"use":       use.New(gate, useStore{}),
		"role":      role.New(gate, roleStore{}),
		"rolecopy":  role.NewCopies(gate, roleStore{}, role.New(gate, roleStore{}), nil),
		"region":    region.New(gate, regionStore{}, nil, nil),
		"tenant":    tenant.New(gate, tenantStore{}, func(string) error { return nil }, nil),
		"directory": directory.New(gate, directoryStore{}),
		"upstream":  directory.NewSources(gate, directoryStore{}, nil),
		"question":  question.New(gate, questionStore{}),
		"audit":     audit.New(gate, auditStore{}, nil),

		"tenantrole": tenantrole.New(gate, tenantRoleStore{}),
		"policy":     policy.New(gate, policyStore{}),
		"engine":     engine.New(gate, engineStore{}),
		"overview":   overview.New(gate, overviewStore{}),
		"alert":      alert.New(gate, alertStore{}, nil, alert.Offer{}),
		"group":      group.New(gate, groupStore{}, oneRegion{}, nil, group.Terms{}),
		"run":        group.NewRuns(gate, runStore{}, oneRegion{}, group.Terms{}, nil),
		"leaving":    leaving.New(gate, leavingStore{}, nil),
		"keeper":     keeper.NewService(gate, keeperStore{}, nil),
		"bootstrap":  bootstrap.New(gate, bootstrapStore{}, bootstrap.Areas{}),
		"source":     source.New(gate, sourceStore{}, nil, source.Types{}),
		"figure":     figure.New(gate, figureStore{}, nil),
		"session":    session.New(gate, sessionStore{}),
		"token":      token.New(gate, tokenStore{}, nil),
		"preference": preference.New(gate, preferenceStore{}, preference.Offer{}),
		"plan":       plan.New(gate, planStore{}, plan.Areas{}),
		"request":    request.New(gate, requestStore{}, nil),
	}
}

// helpers are the methods that pass no gate, each with the reason why it need not.
var helpers = map[string]string{
	"region.Remind": "a number of days that is shipped with the program",
	"region.Find":   "looks an id up in the vendor's list of regions, which is shipped with the program and the same for everybody",
	"group.Terms":   "are data that the program is shipped with, the same for everybody",
	"source.Types":  "are the types of data sources, which are shipped with the program and the same for everybody",
}

// actOf is what each method is checked as.
var actOf = map[string]action.ID{
	"workspace.List":      action.WorkspaceList,
	"workspace.Get":       action.WorkspaceShow,
	"workspace.TrySet":    action.WorkspaceShow,
	"workspace.TryCreate": action.WorkspaceList,
	"workspace.Contents":  action.WorkspaceShow,
	"workspace.Bin":       action.WorkspaceBin,
	"workspace.Reserved":  action.WorkspaceBin, // through Bin
	"workspace.Create":    action.WorkspaceCreate,
	"workspace.Update":    action.WorkspaceUpdate,
	"workspace.Disable":   action.WorkspaceDisable,
	"workspace.Enable":    action.WorkspaceEnable,
	"workspace.Delete":    action.WorkspaceDelete,
	"workspace.Restore":   action.WorkspaceRestore,

	"rolecopy.Copy":    action.RoleCopy,
	"rolecopy.Preview": action.RoleCopy,

	"overview.Show": action.OverviewShow,

	"alert.Budgets":              action.AlertBudget,
	"alert.Sent":                 action.AlertBudget,
	"alert.SetLimit":             action.AlertLimit,
	"alert.Spend":                action.AlertSpend,
	"group.List":                 action.GroupList,
	"group.Get":                  action.GroupShow,
	"group.OfWorkspace":          action.GroupOfWorkspace,
	"group.Create":               action.GroupCreate,
	"group.Update":               action.GroupRename,
	"group.PreviewUpdate":        action.GroupRename,
	"group.Associate":            action.GroupAssociate,
	"group.Dissociate":           action.GroupDissociate,
	"group.Unsubscribe":          action.GroupUnsubscribe,
	"group.PreviewCreate":        action.GroupCreate,
	"group.PreviewAssociate":     action.GroupAssociate,
	"group.PreviewDissociate":    action.GroupDissociate,
	"group.PreviewUnsubscribe":   action.GroupUnsubscribe,
	"group.Scale":                action.GroupScale,
	"group.PreviewScale":         action.GroupScale,
	"group.Renew":                action.GroupRenew,
	"group.PreviewRenew":         action.GroupRenew,
	"group.SetAutoRenew":         action.GroupAutoRenew,
	"group.PreviewSetAutoRenew":  action.GroupAutoRenew,
	"group.Convert":              action.GroupConvert,
	"group.PreviewConvert":       action.GroupConvert,
	"group.SetQuota":             action.GroupQuota,
	"group.PreviewSetQuota":      action.GroupQuota,
	"group.SetSlots":             action.GroupSlots,
	"group.PreviewSetSlots":      action.GroupSlots,
	"group.Start":                action.GroupStart,
	"group.PreviewStart":         action.GroupStart,
	"run.Held":                   action.GroupMetrics,
	"group.AddNetwork":           action.GroupNetwork,
	"group.PreviewAddNetwork":    action.GroupNetwork,
	"group.RemoveNetwork":        action.GroupNetwork,
	"group.PreviewRemoveNetwork": action.GroupNetwork,
	"group.AddRoute":             action.GroupRoute,
	"group.PreviewAddRoute":      action.GroupRoute,
	"group.RemoveRoute":          action.GroupRoute,
	"group.PreviewRemoveRoute":   action.GroupRoute,
	"group.SetArrears":           action.GroupArrears,
	"group.Orders":               action.GroupOrders,
	"group.Load":                 action.GroupRuns,
	"group.Used":                 action.GroupList,
	"group.NextDue":              action.KeeperDue,
	"group.MoveDue":              action.GroupDue,
	"run.Enter":                  action.GroupRun,
	"run.Look":                   action.KeeperDue,
	"run.Beat":                   action.GroupRunEnd,
	"run.End":                    action.GroupRunEnd,
	"run.Release":                action.GroupRelease,
	"run.List":                   action.GroupRuns,
	"run.History":                action.GroupMetrics,
	"run.Metrics":                action.GroupMetrics,
	"run.NextDue":                action.KeeperDue,
	"run.MoveDue":                action.GroupRunLost,

	"workspace.Suspend":        action.WorkspaceSuspend,
	"workspace.Resume":         action.WorkspaceResume,
	"workspace.Settings":       action.WorkspaceSettings,
	"workspace.Set":            action.WorkspaceSet,
	"workspace.PreviewSet":     action.WorkspaceSet,
	"workspace.Upgrade":        action.WorkspaceUpgrade,
	"workspace.PreviewUpgrade": action.WorkspaceUpgrade,
	"workspace.Enter":          action.WorkspaceList, // whether one is a member is asked first
	"workspace.GoTo":           action.WorkspaceGoTo,
	"workspace.Links":          action.TenantLinks,
	"workspace.SetLink":        action.TenantSetLink,
	"workspace.RemoveLink":     action.TenantRemoveLink,
	"workspace.NextDue":        action.KeeperDue,
	"workspace.MoveDue":        action.WorkspacePurge,

	"session.List":           action.SessionList,
	"session.End":            action.SessionEnd,
	"session.Notify":         action.SessionNotify,
	"session.Begin":          action.SessionBegin,
	"session.Record":         action.SessionRecord,
	"session.Recorded":       action.SessionRecorded,
	"request.List":           action.RequestList,
	"request.Waiting":        action.RequestList,
	"request.Answered":       action.RequestList,
	"request.Get":            action.RequestShow,
	"request.Offers":         action.RequestOffers,
	"request.Create":         action.RequestCreate,
	"request.Grant":          action.RequestGrant,
	"request.PreviewGrant":   action.RequestGrant,
	"request.Refuse":         action.RequestRefuse,
	"request.Withdraw":       action.RequestWithdraw,
	"request.WithdrawLeaver": action.RequestWithdraw,
	"request.NextDue":        action.KeeperDue,
	"request.MoveDue":        action.RequestExpire,
	"preference.List":        action.PreferenceList,
	"preference.Set":         action.PreferenceSet,
	"token.Create":           action.TokenCreate,
	"token.Revoke":           action.TokenRevoke,
	"token.List":             action.TokenList,

	"keeper.Status": action.KeeperStatus,
	"keeper.Catch":  action.KeeperRun,
	"keeper.Run":    action.KeeperRun,

	"plan.Export":  action.PlanExport,
	"plan.Make":    action.PlanMake,
	"plan.Preview": action.PlanApply,
	"plan.Apply":   action.PlanApply,

	"member.Ending":          action.MemberList,
	"member.EndingOwn":       action.WorkspaceList, // only about oneself
	"member.List":            action.MemberList,
	"use.Note":               action.WorkspaceUse,
	"member.Candidates":      action.MemberList,
	"member.Add":             action.MemberAdd,
	"member.PreviewAdd":      action.MemberAdd,
	"member.SetRoles":        action.MemberSetRoles,
	"member.PreviewSetRoles": action.MemberSetRoles,
	"member.Remove":          action.MemberRemove,
	"member.PreviewRemove":   action.MemberRemove,
	"member.Plan":            action.MemberPlan,
	"member.Import":          action.MemberImport,
	"member.PreviewImport":   action.MemberImport,
	"member.Dormant":         action.MemberDormant,
	"member.Reviews":         action.ReviewList,
	"member.Review":          action.ReviewShow,
	"member.StartReview":     action.ReviewStart,
	"member.DecideReview":    action.ReviewDecide,

	"member.PreviewDecideReview": action.ReviewDecide,
	"member.Export":              action.MemberExport,

	"role.List":          action.RoleList,
	"role.Get":           action.RoleShow,
	"role.Edit":          action.RoleShow,
	"role.Holders":       action.RoleShow,
	"role.Compare":       action.RoleCompare,
	"role.Create":        action.RoleCreate,
	"role.Clone":         action.RoleClone,
	"role.Set":           action.RoleSet,
	"role.PreviewSet":    action.RoleSet,
	"role.Delete":        action.RoleDelete,
	"role.PreviewDelete": action.RoleDelete,

	"region.List":     action.RegionList,
	"region.Activate": action.RegionActivate,
	"region.SetEnd":   action.RegionEnd,
	"region.NextDue":  action.KeeperDue,
	"region.MoveDue":  action.RegionFallBack,

	"tenant.Init":           action.TenantInit,
	"tenant.Rule":           action.RegionList,
	"tenant.SetRule":        action.TenantSetRule,
	"tenant.PreviewSetRule": action.TenantSetRule,

	"directory.List":           action.UserList,
	"directory.Add":            action.UserAdd,
	"directory.Map":            action.UserMap,
	"directory.Get":            action.UserShow,
	"directory.Holdings":       action.UserShow,
	"directory.Update":         action.UserUpdate,
	"directory.Disable":        action.UserDisable,
	"directory.PreviewDisable": action.UserDisable,
	"directory.Enable":         action.UserEnable,
	"directory.PreviewEnable":  action.UserEnable,
	"directory.Delete":         action.UserDelete,
	"directory.KeysOf":         action.UserKeyList,
	"directory.ImportKeys":     action.UserKeyImport,
	"directory.CompareKeys":    action.UserKeyList,
	"directory.AddKeys":        action.UserKeyAdd,
	"directory.RemoveKey":      action.UserKeyRemove,

	"upstream.List":   action.DirectoryList,
	"upstream.Get":    action.DirectoryShow,
	"upstream.Add":    action.DirectoryAdd,
	"upstream.Update": action.DirectoryUpdate,
	"upstream.Remove": action.DirectoryRemove,
	"upstream.Test":   action.DirectoryTest,
	"upstream.Sync":   action.DirectorySync,
	"upstream.DryRun": action.DirectoryDryRun,

	"directory.Groups":                 action.UserGroupList,
	"directory.AddGroup":               action.UserGroupAdd,
	"directory.SetGroupMembers":        action.UserGroupSetMembers,
	"directory.PreviewSetGroupMembers": action.UserGroupSetMembers,

	"leaving.Inventory":     action.UserInventory,
	"leaving.Leave":         action.UserLeave,
	"leaving.PreviewLeave":  action.UserLeave,
	"leaving.Delete":        action.UserDelete,
	"leaving.PreviewDelete": action.UserDelete,

	"tenantrole.List":          action.TenantRoleList,
	"tenantrole.Get":           action.TenantRoleShow,
	"tenantrole.Holders":       action.TenantRoleShow,
	"tenantrole.Create":        action.TenantRoleCreate,
	"tenantrole.Set":           action.TenantRoleSet,
	"tenantrole.PreviewSet":    action.TenantRoleSet,
	"tenantrole.Delete":        action.TenantRoleDelete,
	"tenantrole.PreviewDelete": action.TenantRoleDelete,
	"tenantrole.Members":       action.TenantMemberList,
	"tenantrole.Grant":         action.TenantMemberGrant,
	"tenantrole.PreviewGrant":  action.TenantMemberGrant,
	"tenantrole.Revoke":        action.TenantMemberRevoke,
	"tenantrole.PreviewRevoke": action.TenantMemberRevoke,

	"policy.List":          action.PolicyList,
	"policy.AttachedTo":    action.PolicyList,
	"policy.Get":           action.PolicyShow,
	"policy.Attachments":   action.PolicyShow,
	"policy.Create":        action.PolicyCreate,
	"policy.Update":        action.PolicyUpdate,
	"policy.PreviewUpdate": action.PolicyUpdate,
	"policy.Delete":        action.PolicyDelete,
	"policy.PreviewDelete": action.PolicyDelete,
	"policy.Attach":        action.PolicyAttach,
	"policy.PreviewAttach": action.PolicyAttach,
	"policy.Detach":        action.PolicyDetach,
	"policy.PreviewDetach": action.PolicyDetach,
	"policy.Simulate":      action.PolicySimulate,

	"engine.List":          action.EngineList,
	"engine.Add":           action.EngineAdd,
	"engine.Remove":        action.EngineRemove,
	"engine.MapRole":       action.EngineMapRole,
	"engine.MapAccount":    action.EngineMapAccount,
	"engine.SetIdentities": action.EngineSetIdentity,

	"bootstrap.Plan":    action.BootstrapPlan,
	"bootstrap.Begin":   action.WorkspaceBootstrap,
	"bootstrap.List":    action.BootstrapList,
	"bootstrap.Get":     action.BootstrapShow,
	"bootstrap.Advance": action.BootstrapResume,
	"bootstrap.Edit":    action.BootstrapEdit,
	"bootstrap.Delete":  action.BootstrapDelete,

	"source.List":   action.SourceList,
	"source.Get":    action.SourceShow,
	"source.Create": action.SourceAdd,
	"source.Update": action.SourceUpdate,
	"source.Test":   action.SourceTest,
	"source.Delete": action.SourceDelete,

	"figure.Show":         action.FigureShow,
	"figure.IngestEvents": action.FigureIngestEvents,
	"figure.IngestDays":   action.FigureIngestDays,
	"figure.Ingestions":   action.FigureIngestions,
	"figure.Ingestion":    action.FigureIngestion,
	"figure.Mappings":     action.FigureMappings,
	"figure.Rule":         action.FigureMappings,
	"figure.Map":          action.FigureMap,
	"figure.Unmap":        action.FigureUnmap,
	"figure.Keep":         action.FigureKeep,

	"question.Check":             action.AccessCheck,
	"question.Why":               action.AccessWhy,
	"question.Who":               action.AccessWho,
	"question.WhoTenant":         action.AccessWho,
	"question.Where":             action.AccessWhere,
	"question.Batch":             action.AccessBatch,
	"question.MatrixOfUser":      action.AccessMatrix,
	"question.MatrixOfRole":      action.AccessMatrix,
	"question.MatrixOfWorkspace": action.AccessMatrix,
	"question.CompareRoles":      action.AccessCompare,
	"question.CompareUsers":      action.AccessCompare,
	"question.CompareEdit":       action.AccessCompare,

	"audit.List":       action.AuditList,
	"audit.Show":       action.AuditShow,
	"audit.Verify":     action.AuditVerify,
	"audit.Checkpoint": action.AuditCheckpoint,
	"audit.Export":     action.AuditExport,
}

// The stores: the interface of the area, not filled, with what the areas need to find targets.
type (
	workspaceStore struct {
		places
		workspaceRest
	}
	memberStore struct {
		places
		memberRest
	}
	roleStore struct {
		places
		roleRest
	}
	questionStore struct {
		places
		questionRest
	}
	overviewStore struct {
		places
		overviewRest
	}
	alertStore struct {
		places
		alertRest
	}
	groupStore struct {
		places
		groupRest
	}
	keeperStore     struct{ keeper.Store }
	planStore       struct{ plan.Store }
	sessionStore    struct{ session.Store }
	tokenStore      struct{ token.Store }
	preferenceStore struct{ preference.Store }
	engineStore     struct {
		places
		engineRest
	}
	requestStore struct {
		places
		requestRest
	}
	bootstrapStore struct {
		places
		bootstrapRest
	}
	sourceStore struct {
		places
		sourceRest
	}
	figureStore struct {
		places
		figureRest
	}
	tenantRoleStore struct {
		places
		tenantRoleRest
	}
	policyStore  struct{ policy.Store }
	leavingStore struct{ leaving.Store }
	useStore     struct {
		places
		useRest
	}
	regionStore    struct{ region.Store }
	tenantStore    struct{ tenant.Store }
	directoryStore struct {
		directory.Store
		directory.SourceStore
	}
	auditStore struct{ audit.Store }
)

// One level deeper than places, so that its methods win.
type (
	workspaceRest struct{ workspace.Store }
	memberRest    struct{ member.Store }
	roleRest      struct{ role.Store }
	questionRest  struct{ question.Store }
	engineRest    struct{ engine.Store }
	groupRest     struct{ group.Store }
	sourceRest    struct{ source.Store }
	useRest       struct{ use.Store }
	figureRest    struct{ figure.Store }
	bootstrapRest struct{ bootstrap.Store }
	requestRest   struct{ request.Store }

	tenantRoleRest struct{ tenantrole.Store }
	alertRest      struct{ alert.Store }
	overviewRest   struct{ overview.Store }
)

// places finds the same workspace under every name, and a principal who is not the one who asks.
type places struct{}

func (places) Place(context.Context, control.Ref) (control.Target, error) { return salesTarget(), nil }

func (places) BinPlace(context.Context, control.Ref, time.Time) (control.Target, error) {
	return salesTarget(), nil
}

func (places) Region(context.Context, string) (control.Target, error) {
	return control.Target{Region: "cn-hangzhou"}, nil
}

func (places) Named(context.Context, string) (access.Principal, error) {
	return access.Principal{ID: dev, Name: "dev"}, nil
}

// Find finds the same group under every name.
func (groupStore) Find(context.Context, string, string) (group.Group, bool, error) {
	return group.Group{ID: 1, Region: "cn-hangzhou", Name: "rg_prod"}, true, nil
}

// runStore knows one run, in the group that every name means.
type runStore struct {
	places
	groupStore
	runRest
}

type runRest struct{ group.RunStore }

// Run finds the same run under every number.
func (runStore) Run(context.Context, int64) (group.Run, bool, error) {
	return group.Run{ID: 1, Group: 1}, true, nil
}

// Get finds the group of the run.
func (runStore) Get(context.Context, group.ID) (group.Group, error) {
	return group.Group{ID: 1, Region: "cn-hangzhou", Name: "rg_prod"}, nil
}

// Next says that nothing falls due.
func (groupStore) Next(context.Context) (group.Due, bool, error) { return group.Due{}, false, nil }

type oneRegion struct{ workspace.Regions }

func (oneRegion) Sells(context.Context, string) (active, sold bool, err error) {
	return true, true, nil
}

func (oneRegion) Only(context.Context) (string, error) { return "cn-hangzhou", nil }

func (places) Where(context.Context, bootstrap.ID) (control.Target, error) {
	return control.Target{Region: "cn-hangzhou", Kind: "bootstrap", Name: "sales#1"}, nil
}

func (requestStore) Where(context.Context, request.ID) (control.Target, error) {
	return control.Target{Region: "cn-hangzhou", Kind: "request", Name: "#1: dev"}, nil
}
