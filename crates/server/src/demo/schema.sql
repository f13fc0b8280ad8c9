-- Halyard & Quince: the demo's trading company. Amounts are in euro, dates are ISO 8601 days.

CREATE TABLE Categories (
    CategoryId  INTEGER PRIMARY KEY,
    Name        VARCHAR(40)  NOT NULL UNIQUE,
    Description VARCHAR(300) NOT NULL,
    Picture     BLOB         NOT NULL
);

CREATE TABLE Suppliers (
    SupplierId   INTEGER PRIMARY KEY,
    Name         VARCHAR(60) NOT NULL,
    ContactName  VARCHAR(60) NOT NULL,
    Street       VARCHAR(60) NOT NULL,
    PostalCode   VARCHAR(12),
    City         VARCHAR(40) NOT NULL,
    Country      VARCHAR(40) NOT NULL,
    Phone        VARCHAR(24) NOT NULL,
    PartnerSince INTEGER     NOT NULL,
    LeadDays     INTEGER     NOT NULL
);

CREATE TABLE Products (
    ProductId   INTEGER PRIMARY KEY,
    CategoryId  INTEGER       NOT NULL REFERENCES Categories,
    SupplierId  INTEGER       NOT NULL REFERENCES Suppliers,
    Name        VARCHAR(60)   NOT NULL,
    Pack        VARCHAR(40)   NOT NULL,
    Origin      VARCHAR(40)   NOT NULL,
    Price       DECIMAL(10,2) NOT NULL,
    WeightKg    DECIMAL(8,3)  NOT NULL,
    Stock       INTEGER, -- NULL: made to order
    Retired     BOOLEAN       NOT NULL,
    Description VARCHAR(200)  NOT NULL
);

CREATE TABLE Employees (
    EmployeeId INTEGER PRIMARY KEY,
    Name       VARCHAR(60)  NOT NULL,
    Title      VARCHAR(60)  NOT NULL,
    ReportsTo  INTEGER REFERENCES Employees,
    Hired      DATE         NOT NULL,
    City       VARCHAR(40)  NOT NULL,
    Extension  VARCHAR(6),
    About      VARCHAR(200) NOT NULL
);

CREATE TABLE Shippers (
    ShipperId   INTEGER PRIMARY KEY,
    Name        VARCHAR(40)   NOT NULL,
    Mode        VARCHAR(10)   NOT NULL,
    Phone       VARCHAR(24)   NOT NULL,
    Handling    DECIMAL(10,2) NOT NULL,
    PerKilogram DECIMAL(10,2) NOT NULL,
    Days        INTEGER       NOT NULL
);

CREATE TABLE Customers (
    CustomerId       INTEGER PRIMARY KEY,
    Name             VARCHAR(60) NOT NULL,
    ContactName      VARCHAR(60) NOT NULL,
    ContactRole      VARCHAR(40),
    Street           VARCHAR(60) NOT NULL,
    PostalCode       VARCHAR(12),
    City             VARCHAR(40) NOT NULL,
    Region           VARCHAR(20),
    Country          VARCHAR(40) NOT NULL,
    VatNumber        VARCHAR(20),
    AccountManagerId INTEGER     NOT NULL REFERENCES Employees,
    CustomerSince    DATE        NOT NULL,
    TermsDays        INTEGER     NOT NULL,
    DiscountPercent  INTEGER,
    Note             VARCHAR(200)
);

CREATE TABLE Orders (
    OrderId      INTEGER PRIMARY KEY,
    CustomerId   INTEGER       NOT NULL REFERENCES Customers,
    EmployeeId   INTEGER       NOT NULL REFERENCES Employees,
    ShipperId    INTEGER       NOT NULL REFERENCES Shippers,
    OrderDate    DATE          NOT NULL,
    RequiredDate DATE,
    ShippedDate  DATE, -- NULL: still being packed
    Reference    VARCHAR(30),
    Remark       VARCHAR(200),
    Freight      DECIMAL(10,2) NOT NULL,
    VatPercent   INTEGER       NOT NULL
);

CREATE TABLE OrderLines (
    OrderId         INTEGER       NOT NULL REFERENCES Orders,
    LineNumber      INTEGER       NOT NULL,
    ProductId       INTEGER       NOT NULL REFERENCES Products,
    Quantity        INTEGER       NOT NULL,
    UnitPrice       DECIMAL(10,2) NOT NULL,
    DiscountPercent INTEGER       NOT NULL,
    Amount          DECIMAL(12,2) NOT NULL, -- after discount, as invoiced
    PRIMARY KEY (OrderId, LineNumber)
) WITHOUT ROWID;

-- One row an order-line, with the names that go with it.
CREATE VIEW Sales AS
SELECT o.OrderId, o.OrderDate, l.LineNumber,
       c.CustomerId, c.Name AS Customer, c.Country,
       g.CategoryId, g.Name AS Category,
       p.ProductId, p.Name AS Product, p.Pack,
       l.Quantity, l.UnitPrice, l.DiscountPercent, l.Amount
FROM OrderLines l
JOIN Orders o ON o.OrderId = l.OrderId
JOIN Customers c ON c.CustomerId = o.CustomerId
JOIN Products p ON p.ProductId = l.ProductId
JOIN Categories g ON g.CategoryId = p.CategoryId;
