namespace EchoRate.DemoModels.Weights;

/// <summary>A matrix whose numbers are rounded to F16 as they are set, so that what is calculated with is what the file holds.</summary>
/// <remarks>Row-major: a row is what ggml calls dimension 0, and what a matrix product takes the dot product with.</remarks>
internal sealed class HalfMatrix
{
    private readonly double[] _values;

    internal HalfMatrix(int rowCount, int columnCount)
    {
        RowCount = rowCount;
        ColumnCount = columnCount;
        _values = new double[checked(rowCount * columnCount)];
    }

    internal int RowCount { get; }

    internal int ColumnCount { get; }

    /// <summary>All numbers, row by row; each can be stored as F16 without loss.</summary>
    internal float[] ToFloats() => Array.ConvertAll(_values, value => (float)value);

    /// <summary>One number, rounded to F16 when set.</summary>
    internal double this[int row, int column]
    {
        get => _values[(row * ColumnCount) + column];
        set => _values[(row * ColumnCount) + column] = (double)(Half)value;
    }

    internal ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * ColumnCount, ColumnCount);

    internal double[] Column(int column)
    {
        var values = new double[RowCount];
        for (var row = 0; row < RowCount; row++)
        {
            values[row] = this[row, column];
        }
        return values;
    }

    internal double[] Times(ReadOnlySpan<double> vector)
    {
        var product = new double[RowCount];
        for (var row = 0; row < RowCount; row++)
        {
            product[row] = Vectors.Dot(Row(row), vector);
        }
        return product;
    }

    /// <summary>Sets part of a row, scaled, from <paramref name="firstColumn"/> on.</summary>
    internal void SetRow(
        int row,
        int firstColumn,
        double factor,
        params ReadOnlySpan<double> values
    )
    {
        for (var i = 0; i < values.Length; i++)
        {
            this[row, firstColumn + i] = factor * values[i];
        }
    }

    /// <summary>Sets <paramref name="count"/> numbers of a row to one value.</summary>
    internal void FillRow(int row, int firstColumn, int count, double value)
    {
        for (var i = 0; i < count; i++)
        {
            this[row, firstColumn + i] = value;
        }
    }

    /// <summary>Sets a column, scaled, from its first row on.</summary>
    internal void SetColumn(int column, double factor, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            this[i, column] = factor * values[i];
        }
    }
}
