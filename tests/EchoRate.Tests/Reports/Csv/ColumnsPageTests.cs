namespace EchoRate.Tests.Reports.Csv;

/// <summary>docs/columns.md says what the code says.</summary>
public sealed class ColumnsPageTests
{
    [Fact]
    public void The_page_is_what_the_columns_say_of_themselves()
    {
        var received = Path.Combine(AppContext.BaseDirectory, "received", "columns.md");
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, ColumnsPage.Markdown());

        var page = Path.Combine(Repository.Root, "docs", "columns.md");
        Assert.Equal(File.Exists(page) ? File.ReadAllText(page) : "", ColumnsPage.Markdown());
        File.Delete(received);
    }
}
