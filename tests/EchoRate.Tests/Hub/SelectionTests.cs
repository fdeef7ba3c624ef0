using System.Text;
using EchoRate.Hub.Manifests;

namespace EchoRate.Tests.Hub;

public class SelectionTests
{
    private static readonly Manifest s_manifest = ManifestReader.Parse(
        Encoding.UTF8.GetBytes(
            """
            schema_version: 1
            models:
              - name: alpha
                files: [{ quant: F16, path: a }, { quant: Q8_0, path: b }, { quant: Q4_K_M, path: c }]
              - name: beta
                files: [{ quant: Q8_0, path: d }, { quant: Q2_K, path: e }]
            """
        ),
        "m.yaml"
    );

    [Theory]
    [InlineData("", "", "alpha F16, alpha Q8_0, alpha Q4_K_M, beta Q8_0, beta Q2_K")]
    [InlineData("beta", "", "beta Q8_0, beta Q2_K")]
    [InlineData("beta ALPHA beta", "q4_k q8_0", "alpha Q8_0, alpha Q4_K_M, beta Q8_0")]
    [InlineData("", "Q2_K", "beta Q2_K")]
    public void Names_choose_in_the_manifests_order(string models, string quants, string chosen)
    {
        IReadOnlyList<ManifestEntry> entries = s_manifest.Select(Words(models), Words(quants));

        Assert.Equal(
            chosen,
            string.Join(", ", entries.Select(entry => $"{entry.Model.Name} {entry.File.Quant}"))
        );
    }

    [Theory]
    [InlineData("gamma", "", "unknown model 'gamma'; there are: alpha, beta")]
    [InlineData(
        "alhpa",
        "",
        "unknown model 'alhpa' (did you mean 'alpha'?); there are: alpha, beta"
    )]
    [InlineData("beta", "Q4KM", "unknown quant 'Q4KM'; there are: Q8_0, Q2_K")]
    [InlineData("beta", "F16", "unknown quant 'F16'; there are: Q8_0, Q2_K")]
    [InlineData(
        "",
        "Q8-1",
        "unknown quant 'Q8-1' (did you mean 'Q8_0'?); there are: F16, Q8_0, Q4_K_M, Q2_K"
    )]
    public void A_name_that_is_not_there_is_refused_with_those_that_are(
        string models,
        string quants,
        string message
    )
    {
        SelectionException problem = Assert.Throws<SelectionException>(() =>
            s_manifest.Select(Words(models), Words(quants))
        );

        Assert.Equal(message, problem.Message);
    }

    private static string[] Words(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
