package edition

// Feature is a capability that not every edition includes.
type Feature string

// The features the vendor's comparison of editions lists and that the console has to refuse, dim or simulate below
// the edition that has them.
const (
	CustomWorkspaceRoles Feature = "custom-workspace-roles"
	CustomTenantRoles    Feature = "custom-tenant-roles"
	ApprovalPolicies     Feature = "approval-policies"
	RiskRules            Feature = "risk-rules"
	RangerManagement     Feature = "ranger-management"
	IdentityCredentials  Feature = "identity-credentials"
	CloudSSO             Feature = "cloud-sso"
	Extensions           Feature = "extensions"
	CustomWebhookAlerts  Feature = "custom-webhook-alerts"
	ShiftSchedules       Feature = "shift-schedules"
	SmartBaselines       Feature = "smart-baselines"
	FlowControlNodes     Feature = "flow-control-nodes"
	Components           Feature = "components"
	BatchOperations      Feature = "batch-operations"
	ResultDownload       Feature = "result-download"
	CodeReview           Feature = "code-review"
	CheckNodes           Feature = "check-nodes"
	WorkspaceParameters  Feature = "workspace-parameters"
	IntelligentDiagnosis Feature = "intelligent-diagnosis"
	SchedulingCalendar   Feature = "scheduling-calendar"
	TriggerNodes         Feature = "trigger-nodes"
	GitSync              Feature = "git-sync"
	Lineage              Feature = "lineage"
	DataClassification   Feature = "data-classification"
	DataAlbums           Feature = "data-albums"
	DataMasking          Feature = "data-masking"
	GovernanceChecks     Feature = "governance-checks"
	QualityReports       Feature = "quality-reports"
)

// Features returns every feature declared here.
func Features() []Feature {
	return []Feature{
		CustomWorkspaceRoles, CustomTenantRoles, ApprovalPolicies, RiskRules, RangerManagement, IdentityCredentials,
		CloudSSO, Extensions, CustomWebhookAlerts, ShiftSchedules, SmartBaselines, FlowControlNodes, Components,
		BatchOperations, ResultDownload, CodeReview, CheckNodes, WorkspaceParameters, IntelligentDiagnosis,
		SchedulingCalendar, TriggerNodes, GitSync, Lineage, DataClassification, DataAlbums, DataMasking,
		GovernanceChecks, QualityReports,
	}
}
