namespace EchoRate.Cli.Tests.Spreadsheets;

/// <summary>DuckDB, told nothing but that hexadecimal is text, reads the files: numbers where numbers are meant, and every text as written.</summary>
[Collection(typeof(HostileReaders))]
public sealed class DuckDbTests(HostileRuns runs)
{
    private const string Package = "@duckdb/node-api@1.5.6-r.1";

    // One line of JSON: the columns' types, and the rows as text.
    private const string Script = """
        import { DuckDBInstance } from '@duckdb/node-api';
        const connection = await (await DuckDBInstance.create(':memory:')).connect();
        const rows = async sql => (await connection.runAndReadAll(sql)).getRowsJson();
        const file = process.argv[2].replaceAll("'", "''");
        await connection.run(`create table t as from read_csv('${file}'${process.argv[3]})`);
        const types = await rows(`select column_name, data_type from information_schema.columns where table_name = 't' order by ordinal_position`);
        const cells = await rows(`select ${types.map(([name]) => `"${name}"::varchar`).join(', ')} from t`);
        console.log(JSON.stringify({ types, cells }));
        """;

    [Fact]
    public void Types_are_inferred_and_no_cell_changes()
    {
        using var folder = new TemporaryFolder();
        Tool.Try(folder.Path, "npm", "install", "--silent", "--no-audit", "--no-fund", Package);
        folder.Write("read.mjs", Script);
        Check(folder, "data", "");
        Check(folder, "excel", "");
        Check(folder, "excel-eu", ", decimal_separator = ',', delim = ';'");
    }

    private void Check(TemporaryFolder folder, string profile, string options)
    {
        var run = runs.Of(profile);
        foreach (var table in HostileRuns.Tables)
        {
            var path = Path.Combine(run.Path, table + ".csv");
            var written = run.Csv(table);
            using var json = JsonDocument.Parse(
                Tool.Run(folder.Path, "node", folder.At("read.mjs"), path, options + Hex(written))
            );
            var types = json.RootElement.GetProperty("types").EnumerateArray().ToList();
            var cells = json.RootElement.GetProperty("cells").EnumerateArray().ToList();
            var described = DescribedColumn.Of(table);

            Assert.Equal(written.Columns, types.Select(type => type[0].GetString()!));
            Assert.Equal(written.Rows.Count, cells.Count);
            foreach (var (index, name) in written.Columns.Index())
            {
                if (written.Rows.All(row => row[name].Length == 0))
                {
                    continue;
                }
                var isNumber = types[index][1].GetString() is "BIGINT" or "DOUBLE";
                Assert.True(
                    isNumber == described[name].IsNumber,
                    $"{profile}, {table}.csv, {name}: {described[name].Cells} is read as {types[index][1]}"
                );
                foreach (var (row, read) in written.Rows.Zip(cells))
                {
                    var text = read[index].GetString() ?? "";
                    Assert.True(
                        isNumber ? Number(row[name]) == Number(text) : row[name] == text,
                        $"{profile}, {table}.csv, {name}: {row[name]} became {text}"
                    );
                }
            }
        }
    }

    // Hexadecimal of at most eight bytes is a number to DuckDB (docs/spreadsheets.md).
    private static string Hex(CsvFile written)
    {
        var columns = written.Columns.Where(name => name.EndsWith("_hex")).ToList();
        return columns.Count == 0
            ? ""
            : $", types = {{{string.Join(", ", columns.Select(name => $"'{name}': 'VARCHAR'"))}}}";
    }

    private static double? Number(string cell) =>
        cell.Length == 0 ? null : double.Parse(cell.Replace(',', '.'));
}
