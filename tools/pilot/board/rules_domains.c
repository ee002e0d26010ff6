/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: the power domains that Linux's driver of PAS processors asks for by name, per compatible (Linux 7.2). */
#include <string.h>

#include "board/rules_domains.h"

static const struct rules_domains table[] = {
	{ "qcom,eliza-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,milos-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sa8775p-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sar2130p-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sc7180-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sc7280-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sc8280xp-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sdm845-slpi-pas", { "lcx", "lmx" } },
	{ "qcom,sm6350-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sm6375-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sm8150-slpi-pas", { "lcx", "lmx" } },
	{ "qcom,sm8250-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sm8250-slpi-pas", { "lcx", "lmx" } },
	{ "qcom,sm8350-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sm8350-slpi-pas", { "lcx", "lmx" } },
	{ "qcom,sm8450-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sm8450-slpi-pas", { "lcx", "lmx" } },
	{ "qcom,sm8550-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,sm8650-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,x1e80100-adsp-pas", { "lcx", "lmx" } },
	{ "qcom,msm8226-adsp-pil", { "cx" } },
	{ "qcom,msm8953-adsp-pil", { "cx" } },
	{ "qcom,msm8974-adsp-pil", { "cx" } },
	{ "qcom,msm8996-adsp-pil", { "cx" } },
	{ "qcom,msm8998-adsp-pas", { "cx" } },
	{ "qcom,sc8180x-adsp-pas", { "cx" } },
	{ "qcom,sc8180x-cdsp-pas", { "cx" } },
	{ "qcom,sc8180x-mpss-pas", { "cx" } },
	{ "qcom,shikra-cdsp-pas", { "cx" } },
	{ "qcom,shikra-mpss-pas", { "cx" } },
	{ "qcom,sm6115-mpss-pas", { "cx" } },
	{ "qcom,sm6375-cdsp-pas", { "cx" } },
	{ "qcom,sm6375-mpss-pas", { "cx" } },
	{ "qcom,sm8150-adsp-pas", { "cx" } },
	{ "qcom,sm8150-cdsp-pas", { "cx" } },
	{ "qcom,sm8250-cdsp-pas", { "cx" } },
	{ "qcom,milos-mpss-pas", { "cx", "mss" } },
	{ "qcom,sc7180-mpss-pas", { "cx", "mss" } },
	{ "qcom,sc7280-mpss-pas", { "cx", "mss" } },
	{ "qcom,sdx55-mpss-pas", { "cx", "mss" } },
	{ "qcom,sdx75-mpss-pas", { "cx", "mss" } },
	{ "qcom,sm6350-mpss-pas", { "cx", "mss" } },
	{ "qcom,sm8150-mpss-pas", { "cx", "mss" } },
	{ "qcom,sm8350-mpss-pas", { "cx", "mss" } },
	{ "qcom,sm8450-mpss-pas", { "cx", "mss" } },
	{ "qcom,sm8550-mpss-pas", { "cx", "mss" } },
	{ "qcom,sm8650-mpss-pas", { "cx", "mss" } },
	{ "qcom,sm8750-mpss-pas", { "cx", "mss" } },
	{ "qcom,milos-cdsp-pas", { "cx", "mx" } },
	{ "qcom,milos-wpss-pas", { "cx", "mx" } },
	{ "qcom,sc7280-cdsp-pas", { "cx", "mx" } },
	{ "qcom,sc7280-wpss-pas", { "cx", "mx" } },
	{ "qcom,sm6350-cdsp-pas", { "cx", "mx" } },
	{ "qcom,sa8775p-cdsp0-pas", { "cx", "mxc", "nsp" } },
	{ "qcom,sa8775p-cdsp1-pas", { "cx", "mxc", "nsp" } },
	{ "qcom,sm8550-cdsp-pas", { "cx", "mxc", "nsp" } },
	{ "qcom,sm8650-cdsp-pas", { "cx", "mxc", "nsp" } },
	{ "qcom,x1e80100-cdsp-pas", { "cx", "mxc", "nsp" } },
	{ "qcom,sa8775p-gpdsp0-pas", { "cx", "mxc" } },
	{ "qcom,sa8775p-gpdsp1-pas", { "cx", "mxc" } },
	{ "qcom,sm8350-cdsp-pas", { "cx", "mxc" } },
	{ "qcom,sm8450-cdsp-pas", { "cx", "mxc" } },
	{ "qcom,sc8280xp-nsp0-pas", { "nsp" } },
	{ "qcom,sc8280xp-nsp1-pas", { "nsp" } },
	{ "qcom,msm8996-slpi-pil", { "ssc_cx" } },
	{ "qcom,msm8998-slpi-pas", { "ssc_cx" } },
};

const struct rules_domains *rules_domains_of(const char *compatible)
{
	size_t i = 0;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(table[i].compatible, compatible))
			return &table[i];
	return NULL;
}
